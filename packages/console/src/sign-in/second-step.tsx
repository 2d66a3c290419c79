import { Anchor, Button, Divider, Stack, TextInput } from "@mantine/core";
import type { SecondFactorAsked } from "@rapport/contract/api";
import { type FormEvent, useState } from "react";

import { passkeysKnown } from "../hub/passkeys.ts";
import { useLanguage } from "../language/use-language.tsx";
import { Failed } from "../ui/states.tsx";
import { Entrance } from "./entrance.tsx";
import type { Entering } from "./use-sign-in.ts";

/** The password was right: now the app's code, a recovery code or a passkey. */
export function SecondStep({ asked, entering }: { asked: SecondFactorAsked; entering: Entering }) {
  const { t } = useLanguage();
  const { enter, isBusy, problem, startOver } = entering;
  const [code, setCode] = useState("");
  const { pending, ways } = asked;
  const takesCode = ways.includes("code") || ways.includes("recovery-code");
  const takesPasskey = ways.includes("passkey") && passkeysKnown();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    enter({ by: "code", body: { pending, code } });
  };
  return (
    <Entrance title={t("signIn.second.title")} lead={t("signIn.second.lead")}>
      <Stack>
        {takesPasskey && (
          <Button loading={isBusy} onClick={() => enter({ by: "passkey", pending })}>
            {t("signIn.second.passkey")}
          </Button>
        )}
        {takesPasskey && takesCode && <Divider label={t("signIn.or")} />}
        {takesCode && (
          <form onSubmit={submit}>
            <Stack>
              <TextInput
                label={t(ways.includes("code") ? "signIn.second.code" : "signIn.second.recovery")}
                description={ways.includes("recovery-code") && t("signIn.second.help")}
                autoComplete="one-time-code"
                required
                minLength={6}
                maxLength={40}
                autoFocus={!takesPasskey}
                value={code}
                onChange={(event) => setCode(event.currentTarget.value)}
              />
              <Button type="submit" variant={takesPasskey ? "default" : "filled"} loading={isBusy}>
                {t("signIn.do")}
              </Button>
            </Stack>
          </form>
        )}
        {problem && <Failed title={t("signIn.failed")} problem={problem} />}
        <Anchor component="button" type="button" size="sm" onClick={startOver}>
          {t("signIn.startOver")}
        </Anchor>
      </Stack>
    </Entrance>
  );
}
