import { Anchor, Button, Divider, Stack } from "@mantine/core";
import { useState } from "react";

import { useSession } from "../hub/use-session.ts";
import { useLanguage } from "../language/use-language.tsx";
import { Entrance } from "../sign-in/entrance.tsx";
import { AddPasskey } from "./add-passkey.tsx";
import { SetUpApp } from "./set-up-app.tsx";
import { ShownCodes } from "./shown-codes.tsx";
import { useAccount, useEnrolled } from "./use-account.ts";

/** Where a second factor is required, who has none sets one up before anything else. */
export function EnrolFirst() {
  const { t } = useLanguage();
  const { signOut } = useSession();
  const shown = useAccount();
  const goOn = useEnrolled();
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const possible = shown.state === "ready" && shown.account.passkeysPossible;
  return (
    <Entrance title={t("account.enrol.title")} lead={t("account.enrol.lead")}>
      {codes ? (
        <Stack>
          {codes.length > 0 && <ShownCodes codes={codes} />}
          <Button onClick={goOn}>{t("account.enrol.goOn")}</Button>
        </Stack>
      ) : (
        <Stack>
          <SetUpApp onDone={setCodes} />
          {possible && (
            <>
              <Divider label={t("signIn.or")} />
              <AddPasskey possible onDone={setCodes} />
            </>
          )}
          <Anchor component="button" type="button" size="sm" onClick={() => void signOut()}>
            {t("app.signOut")}
          </Anchor>
        </Stack>
      )}
    </Entrance>
  );
}
