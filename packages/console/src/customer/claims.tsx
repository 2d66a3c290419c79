import { Button, Group, Text } from "@mantine/core";
import type { Customer } from "@rapport/contract/api";
import { Link } from "@tanstack/react-router";
import { useState } from "react";

import { useSession } from "../hub/use-session.ts";
import { useLanguage } from "../language/use-language.tsx";
import { Card } from "../ui/card.tsx";
import { Confirm } from "../ui/confirm.tsx";
import { Moment } from "../ui/moment.tsx";
import { useConfirmClaim } from "./use-customer.ts";

/** Whether a browser has said anything of this customer, or said to be this customer, without proof. */
export const hasClaims = ({ claimed, claimedToBe, visits }: Customer): boolean =>
  Object.keys(claimed).length + claimedToBe.length + visits.length > 0;

/** What was said without proof, apart from what is known; a colleague can confirm it. */
export function Claims({ customer }: { customer: Customer }) {
  const { t, say } = useLanguage();
  const kindOf = (kind: string) => say(`customer.identifier.${kind}`) ?? kind;
  return (
    <Card title={t("claims.title")} help={t("claims.help")}>
      <ClaimedTraits customer={customer} />
      {customer.claimedToBe.map(({ kind, value, at }) => (
        <Text key={`${kind} ${value}`} size="sm" className="name" py={2}>
          {t("claims.saysToBe", { kind: kindOf(kind), value })} <Moment at={at} />
        </Text>
      ))}
      {customer.visits.map(({ visitorId, kind, value, lastAt }) => (
        <Group key={`${visitorId} ${kind} ${value}`} justify="space-between" wrap="nowrap" py={2}>
          <Text size="sm" className="name" miw={0}>
            {t("claims.visit", { kind: kindOf(kind), value })} <Moment at={lastAt} />
          </Text>
          <Link to="/customers/$customerId" params={{ customerId: visitorId }} className="customer-link">
            <Text span size="sm">
              {t("claims.look")}
            </Text>
          </Link>
        </Group>
      ))}
    </Card>
  );
}

function ClaimedTraits({ customer: { customerId, claimed } }: { customer: Customer }) {
  const { t } = useLanguage();
  const { may } = useSession();
  const [asked, setAsked] = useState<string | null>(null);
  const { does, isBusy, problem, reset } = useConfirmClaim(customerId);
  const close = () => {
    setAsked(null);
    reset();
  };
  const told = (value: unknown) => (typeof value === "object" ? JSON.stringify(value) : String(value));
  return (
    <>
      {Object.entries(claimed).map(([name, { value, at }]) => (
        <Group key={name} justify="space-between" wrap="nowrap" gap="sm" py={2} data-claimed={name}>
          <Text size="sm" className="name" miw={0}>
            <span className="quiet">{name}</span> {told(value)} <Moment at={at} />
          </Text>
          {may("agent") && (
            <Button size="compact-xs" variant="default" style={{ flex: "none" }} onClick={() => setAsked(name)}>
              {t("claims.confirm")}
            </Button>
          )}
        </Group>
      ))}
      <Confirm
        opened={asked !== null}
        question={t("claims.confirm.ask", { name: asked ?? "", value: told(claimed[asked ?? ""]?.value) })}
        explanation={t("claims.confirm.explain")}
        deed={t("claims.confirm")}
        isBusy={isBusy}
        problem={problem}
        onClose={close}
        onDo={() => asked && does({ trait: asked, value: claimed[asked]?.value }, close)}
      />
    </>
  );
}
