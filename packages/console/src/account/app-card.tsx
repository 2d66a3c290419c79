import { Button, Group, Stack, Text } from "@mantine/core";
import { useState } from "react";

import { useLanguage } from "../language/use-language.tsx";
import { Card } from "../ui/card.tsx";
import { Confirm } from "../ui/confirm.tsx";
import { Icon } from "../ui/icon.tsx";
import { SetUpApp } from "./set-up-app.tsx";
import { ShownCodes } from "./shown-codes.tsx";
import { useRemoveApp } from "./use-account.ts";

/** The authenticator app: set up, confirmed by a code, removed. */
export function AppCard({ hasTotp }: { hasTotp: boolean }) {
  const { t } = useLanguage();
  const [codes, setCodes] = useState<readonly string[]>([]);
  const [isAsked, setAsked] = useState(false);
  const { does, isBusy, problem, reset, asking } = useRemoveApp();
  const close = () => {
    setAsked(false);
    reset();
  };
  return (
    <Card title={t("account.app")} help={t("account.app.help")}>
      <Stack gap="sm">
        {asking}
        {hasTotp ? (
          <Group justify="space-between">
            <Group gap={6}>
              <Icon name="well" size={16} />
              <Text size="sm">{t("account.app.on")}</Text>
            </Group>
            <Button size="compact-sm" variant="default" onClick={() => setAsked(true)}>
              {t("account.app.remove")}
            </Button>
          </Group>
        ) : (
          <SetUpApp onDone={setCodes} />
        )}
        {hasTotp && codes.length > 0 && <ShownCodes codes={codes} />}
      </Stack>
      <Confirm
        opened={isAsked}
        question={t("account.app.remove.ask")}
        explanation={t("account.app.remove.explain")}
        deed={t("account.app.remove")}
        isBusy={isBusy}
        problem={problem}
        onClose={close}
        onDo={() => does(undefined, close)}
      />
    </Card>
  );
}
