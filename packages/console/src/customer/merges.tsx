import { Button, Group, Text } from "@mantine/core";
import type { Customer } from "@rapport/contract/api";
import { useState } from "react";

import { useSession } from "../hub/use-session.ts";
import { useLanguage } from "../language/use-language.tsx";
import { Card } from "../ui/card.tsx";
import { Confirm } from "../ui/confirm.tsx";
import { useUnmerge } from "./use-customer.ts";

/** Customers that became part of this one, and how to set them apart again. */
export function Merges({ customer: { customerId, merges } }: { customer: Customer }) {
  const { t, say, format } = useLanguage();
  const told = (key: string) => {
    const colon = key.indexOf(":");
    const kind = key.slice(0, colon);
    return `${say(`customer.identifier.${kind}`) ?? kind} ${key.slice(colon + 1)}`;
  };
  const { may } = useSession();
  const [asked, setAsked] = useState<string | null>(null);
  const [wasAccepted, setAccepted] = useState(false);
  const { does, isBusy, problem, reset } = useUnmerge(customerId);
  const close = () => {
    setAsked(null);
    reset();
  };
  return (
    <Card title={t("customer.merges")}>
      {merges.map(({ from, at, identifiers }) => (
        <Group key={from} justify="space-between" wrap="nowrap" py={4}>
          <Text size="sm" className="name" miw={0}>
            {t("customer.merge.by", { at: format.moment(at), identifiers: identifiers.map(told).join(", ") })}
          </Text>
          {may("agent") && (
            <Button size="compact-sm" variant="default" style={{ flex: "none" }} onClick={() => setAsked(from)}>
              {t("customer.unmerge")}
            </Button>
          )}
        </Group>
      ))}
      {wasAccepted && (
        <Text size="sm" role="status">
          {t("customer.accepted")}
        </Text>
      )}
      <Confirm
        opened={asked !== null}
        question={t("customer.unmerge.ask")}
        explanation={t("customer.unmerge.explain")}
        deed={t("customer.unmerge.do")}
        isBusy={isBusy}
        problem={problem}
        onClose={close}
        onDo={() => {
          if (!asked) return;
          does({ from: asked }, () => {
            setAccepted(true);
            close();
          });
        }}
      />
    </Card>
  );
}
