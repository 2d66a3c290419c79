import { Link } from "@tanstack/react-router";

import { useLanguage } from "../language/use-language.tsx";

/** A customer's name, leading to the customer. */
export function CustomerLink({ customerId, name }: { customerId: string; name: string | null }) {
  const { t } = useLanguage();
  return (
    <Link to="/customers/$customerId" params={{ customerId }} className="customer-link name">
      {name ?? t("customer.unnamed")}
    </Link>
  );
}
