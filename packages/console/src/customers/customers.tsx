import { Box, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useEffect, useState } from "react";

import { useLanguage } from "../language/use-language.tsx";
import { Icon } from "../ui/icon.tsx";
import { More } from "../ui/more.tsx";
import { Room } from "../ui/room.tsx";
import { Empty, Failed, Loading } from "../ui/states.tsx";
import { CustomerRow } from "./customer-row.tsx";
import { useCustomers } from "./use-customers.ts";

/** Finding a customer by name, e-mail address, number or id. `q` stands in the address. */
export function Customers({ q, onSeek }: { q: string; onSeek: (q: string) => void }) {
  const { t } = useLanguage();
  const [typed, setTyped] = useState(q);
  useEffect(() => setTyped(q), [q]);
  const seek = useDebouncedCallback(onSeek, 200);
  return (
    <Room title={t("room.customers")} lead={q ? null : t("customers.lead")}>
      <TextInput
        size="md"
        value={typed}
        aria-label={t("app.search")}
        placeholder={t("app.searchHint")}
        leftSection={<Icon name="search" />}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          seek(event.currentTarget.value.trim());
        }}
      />
      <Found q={q} />
    </Room>
  );
}

function Found({ q }: { q: string }) {
  const { t } = useLanguage();
  const shown = useCustomers(q);
  switch (shown.state) {
    case "loading":
      return <Loading rows={10} />;
    case "failed":
      return <Failed problem={shown.problem} retry={shown.retry} />;
    case "ready": {
      const customers = shown.pages.flatMap((page) => page.customers);
      if (customers.length === 0)
        return q ? (
          <Empty title={t("customers.notFound", { q })} help={t("customers.notFound.help")} />
        ) : (
          <Empty title={t("customers.none")} help={t("customers.none.help")} />
        );
      return (
        <Box className="card" p={0} style={{ overflow: "hidden" }}>
          {customers.map((customer) => (
            <CustomerRow key={customer.customerId} customer={customer} />
          ))}
          {!q && <More more={shown.more} isFetchingMore={shown.isFetchingMore} />}
        </Box>
      );
    }
  }
}
