import { Box, Button, Group, Stack, Text } from "@mantine/core";
import type { Account } from "@rapport/contract/api";
import { useState } from "react";

import { useLanguage } from "../language/use-language.tsx";
import { Card } from "../ui/card.tsx";
import { Confirm } from "../ui/confirm.tsx";
import { AddPasskey } from "./add-passkey.tsx";
import { ShownCodes } from "./shown-codes.tsx";
import { useRemovePasskey } from "./use-account.ts";

type Passkey = Account["passkeys"][number];

/** Passkeys: added, and removed one by one. */
export function PasskeysCard({ passkeys, possible }: { passkeys: Passkey[]; possible: boolean }) {
  const { t, format } = useLanguage();
  const [codes, setCodes] = useState<readonly string[]>([]);
  const [asked, setAsked] = useState<Passkey | null>(null);
  const { does, isBusy, problem, reset, asking } = useRemovePasskey();
  const close = () => {
    setAsked(null);
    reset();
  };
  return (
    <Card title={t("account.passkeys")} help={t("account.passkeys.help")}>
      <Stack gap="sm">
        {asking}
        {passkeys.length === 0 && possible && (
          <Text size="sm" className="quiet">
            {t("account.passkeys.none")}
          </Text>
        )}
        {passkeys.map((passkey) => (
          <Group key={passkey.passkeyId} justify="space-between" wrap="nowrap" data-passkey>
            <Box miw={0}>
              <Text size="sm" fw={550} className="name">
                {passkey.name}
              </Text>
              <Text size="xs" className="quiet">
                {t("account.passkeys.since", { at: format.date(passkey.createdAt) })}
                {passkey.lastUsedAt !== null &&
                  ` · ${t("account.passkeys.used", { at: format.moment(passkey.lastUsedAt) })}`}
              </Text>
            </Box>
            <Button
              size="compact-sm"
              variant="default"
              style={{ flex: "none" }}
              aria-label={t("account.passkeys.remove.of", { name: passkey.name })}
              onClick={() => setAsked(passkey)}
            >
              {t("account.app.remove")}
            </Button>
          </Group>
        ))}
        <AddPasskey possible={possible} onDone={setCodes} />
        {codes.length > 0 && <ShownCodes codes={codes} />}
      </Stack>
      <Confirm
        opened={asked !== null}
        question={t("account.passkeys.remove.ask", { name: asked?.name ?? "" })}
        explanation={t("account.passkeys.remove.explain")}
        deed={t("account.app.remove")}
        isBusy={isBusy}
        problem={problem}
        onClose={close}
        onDo={() => {
          if (asked) does(asked.passkeyId, close);
        }}
      />
    </Card>
  );
}
