import { Button, Group, PasswordInput, Stack, Text } from "@mantine/core";
import { type FormEvent, useState } from "react";

import { useLanguage } from "../language/use-language.tsx";
import { Card } from "../ui/card.tsx";
import { Failed } from "../ui/states.tsx";
import { useChangePassword } from "./use-account.ts";

/** A new password in the place of the present one. */
export function ChangePassword() {
  const { t } = useLanguage();
  const [present, setPresent] = useState("");
  const [password, setPassword] = useState("");
  const [isDone, setDone] = useState(false);
  const { does, isBusy, problem } = useChangePassword();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setDone(false);
    does({ present, password }, () => {
      setPresent("");
      setPassword("");
      setDone(true);
    });
  };
  return (
    <Card title={t("account.password")} help={t("account.password.help")}>
      <form onSubmit={submit}>
        <Stack gap="sm" maw={360}>
          <PasswordInput
            label={t("account.password.present")}
            autoComplete="current-password"
            required
            value={present}
            onChange={(event) => setPresent(event.currentTarget.value)}
          />
          <PasswordInput
            label={t("account.password.new")}
            description={t("claim.help")}
            autoComplete="new-password"
            required
            minLength={10}
            maxLength={256}
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          {problem && <Failed problem={problem} />}
          {isDone && (
            <Text size="sm" role="status">
              {t("account.password.done")}
            </Text>
          )}
          <Group>
            <Button type="submit" variant="default" loading={isBusy}>
              {t("account.password.do")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Card>
  );
}
