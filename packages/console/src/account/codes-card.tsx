import { Button, Group, Stack, Text } from "@mantine/core";
import { useState } from "react";

import { useLanguage } from "../language/use-language.tsx";
import { Card } from "../ui/card.tsx";
import { Confirm } from "../ui/confirm.tsx";
import { ShownCodes } from "./shown-codes.tsx";
import { useRenewCodes } from "./use-account.ts";

/** How many recovery codes are left, and new ones in their place. */
export function CodesCard({ left }: { left: number }) {
  const { t } = useLanguage();
  const [codes, setCodes] = useState<readonly string[]>([]);
  const [isAsked, setAsked] = useState(false);
  const { does, isBusy, problem, reset, asking } = useRenewCodes();
  const close = () => {
    setAsked(false);
    reset();
  };
  return (
    <Card title={t("account.codes")}>
      <Stack gap="sm">
        {asking}
        <Group justify="space-between">
          <Text size="sm">{t("account.codes.left", { count: left })}</Text>
          <Button size="compact-sm" variant="default" onClick={() => setAsked(true)}>
            {t("account.codes.renew")}
          </Button>
        </Group>
        {codes.length > 0 && <ShownCodes codes={codes} />}
      </Stack>
      <Confirm
        opened={isAsked}
        question={t("account.codes.renew.ask")}
        explanation={t("account.codes.renew.explain")}
        deed={t("account.codes.renew")}
        isBusy={isBusy}
        problem={problem}
        onClose={close}
        onDo={() =>
          does(undefined, (answer) => {
            setCodes(answer.codes);
            close();
          })
        }
      />
    </Card>
  );
}
