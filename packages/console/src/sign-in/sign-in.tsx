import { Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";

import { useLanguage } from "../language/use-language.tsx";
import { Failed } from "../ui/states.tsx";
import { Entrance } from "./entrance.tsx";
import { useSignIn } from "./use-sign-in.ts";

/** Signs a colleague in and leads to `to`. */
export function SignIn({ to }: { to: string }) {
  const { t } = useLanguage();
  const { enter, isBusy, problem } = useSignIn("/api/session", to);
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    enter({ email, password });
  };
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
        </Stack>
      </form>
    </Entrance>
  );
}
