import { Button, Code, Group, Stack, Text, TextInput } from "@mantine/core";
import type { TotpOffered } from "@rapport/contract/api";
import { type FormEvent, useState } from "react";

import { useLanguage } from "../language/use-language.tsx";
import { Failed } from "../ui/states.tsx";
import { QrPicture } from "./qr-picture.tsx";
import { useConfirmApp, useOfferApp } from "./use-account.ts";

/** Shows an authenticator app its secret, and asks for a code of it to see that it has it. */
export function SetUpApp({ onDone }: { onDone: (codes: readonly string[]) => void }) {
  const { t } = useLanguage();
  const [offered, setOffered] = useState<TotpOffered | null>(null);
  const offer = useOfferApp();
  if (offered) return <ConfirmApp offered={offered} onDone={onDone} />;
  return (
    <Stack gap="sm" align="flex-start">
      {offer.asking}
      <Button loading={offer.isBusy} onClick={() => offer.does(undefined, setOffered)}>
        {t("account.app.add")}
      </Button>
      {offer.problem && <Failed problem={offer.problem} />}
    </Stack>
  );
}

function ConfirmApp({ offered, onDone }: { offered: TotpOffered; onDone: (codes: readonly string[]) => void }) {
  const { t } = useLanguage();
  const [code, setCode] = useState("");
  const { does, isBusy, problem, asking } = useConfirmApp(onDone);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    does({ code });
  };
  return (
    <Stack gap="sm">
      {asking}
      <Text size="sm">{t("account.app.scan")}</Text>
      <Group align="flex-start" gap="lg">
        <QrPicture text={offered.uri} label={t("account.app.picture")} />
        <Stack gap="sm" style={{ flex: "1 1 14rem" }}>
          <div>
            <Text size="xs" className="quiet">
              {t("account.app.secret")}
            </Text>
            <Code fz="sm" style={{ overflowWrap: "anywhere" }} data-secret>
              {offered.secret.replaceAll(/(.{4})(?=.)/g, "$1 ")}
            </Code>
          </div>
          <form onSubmit={submit}>
            <Stack gap="sm" maw={260}>
              <TextInput
                label={t("account.app.code")}
                autoComplete="one-time-code"
                inputMode="numeric"
                required
                autoFocus
                minLength={6}
                maxLength={10}
                value={code}
                onChange={(event) => setCode(event.currentTarget.value)}
              />
              <Button type="submit" loading={isBusy}>
                {t("account.app.confirm")}
              </Button>
            </Stack>
          </form>
          {problem && <Failed problem={problem} />}
        </Stack>
      </Group>
    </Stack>
  );
}
