import { Button, Divider, PasswordInput, Stack, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";

import { passkeysKnown } from "../hub/passkeys.ts";
import { useLanguage } from "../language/use-language.tsx";
import { Failed } from "../ui/states.tsx";
import { Entrance } from "./entrance.tsx";
import { SecondStep } from "./second-step.tsx";
import { useSignIn } from "./use-sign-in.ts";

/** Signs a colleague in and leads to `to`. */
export function SignIn({ to }: { to: string }) {
  const { t } = useLanguage();
  const entering = useSignIn(to);
  const { enter, isBusy, problem, asked } = entering;
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    enter({ by: "password", body: { email, password } });
  };
  if (asked) return <SecondStep asked={asked} entering={entering} />;
  return (
    <Entrance title={t("signIn.title")} lead="">
      <form onSubmit={submit}>
        <Stack>
          <TextInput
            label={t("signIn.email")}
            type="email"
            autoComplete="username"
            required
            autoFocus
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
          />
          <PasswordInput
            label={t("signIn.password")}
            autoComplete="current-password"
            required
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          {problem && <Failed title={t("signIn.failed")} problem={problem} />}
          <Button type="submit" loading={isBusy}>
            {t("signIn.do")}
          </Button>
          {passkeysKnown() && (
            <>
              <Divider label={t("signIn.or")} />
              <Button variant="default" disabled={isBusy} onClick={() => enter({ by: "passkey", pending: null })}>
                {t("signIn.passkey")}
              </Button>
            </>
          )}
        </Stack>
      </form>
    </Entrance>
  );
}
