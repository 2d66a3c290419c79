import { Button } from "@mantine/core";

import { useLanguage } from "../language/use-language.tsx";
import { Card } from "../ui/card.tsx";
import { SessionList } from "../ui/session-list.tsx";
import { Failed, Loading } from "../ui/states.tsx";
import { useEndOthers, useEndSession, useOwnSessions } from "./use-account.ts";

/** Where one is signed in, and ending it elsewhere. */
export function OwnSessions() {
  const { t } = useLanguage();
  const shown = useOwnSessions();
  const end = useEndSession();
  const others = useEndOthers();
  const hasOthers = shown.state === "ready" && shown.sessions.length > 1;
  const beside = hasOthers && (
    <Button size="compact-sm" variant="default" loading={others.isBusy} onClick={() => others.does(undefined)}>
      {t("account.sessions.endOthers")}
    </Button>
  );
  return (
    <Card title={t("account.sessions")} help={t("account.sessions.help")} beside={beside}>
      {shown.state === "loading" && <Loading rows={2} />}
      {shown.state === "failed" && <Failed problem={shown.problem} retry={shown.retry} />}
      {end.problem && <Failed problem={end.problem} />}
      {others.problem && <Failed problem={others.problem} />}
      {shown.state === "ready" && <SessionList sessions={shown.sessions} isBusy={end.isBusy} onEnd={end.does} />}
    </Card>
  );
}
