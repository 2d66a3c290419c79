import { Button, PasswordInput, Stack, Text } from "@mantine/core";
import { type FormEvent, useState } from "react";

import { useLanguage } from "../language/use-language.tsx";
import { Failed } from "../ui/states.tsx";
import { Entrance } from "./entrance.tsx";
import { SecondStep } from "./second-step.tsx";
import { useSignIn } from "./use-sign-in.ts";

/** A one-time sign-in: choose the password to come in by from now on. */
export function Claim({ token }: { token: string | null }) {
  const { t } = useLanguage();
  const entering = useSignIn("/pulse");
  const { enter, isBusy, problem, asked } = entering;
  const [password, setPassword] = useState("");
  if (asked) return <SecondStep asked={asked} entering={entering} />;
  if (!token)
    return (
      <Entrance title={t("claim.title")} lead="">
        <Text role="alert">{t("claim.noToken")}</Text>
      </Entrance>
    );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    enter({ by: "link", body: { token, password } });
  };
  return (
    <Entrance title={t("claim.title")} lead={t("claim.lead")}>
      <form onSubmit={submit}>
        <Stack>
          <PasswordInput
            label={t("signIn.password")}
            description={t("claim.help")}
            autoComplete="new-password"
            required
            minLength={10}
            autoFocus
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          {problem && <Failed title={t("signIn.failed")} problem={problem} />}
          <Button type="submit" loading={isBusy}>
            {t("claim.do")}
          </Button>
        </Stack>
      </form>
    </Entrance>
  );
}
