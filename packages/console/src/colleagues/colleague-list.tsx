import { Alert, Box, Button, Group, Text } from "@mantine/core";
import type { Colleague } from "@rapport/contract/api";
import { useState } from "react";

import { useLanguage } from "../language/use-language.tsx";
import { ShownOnce } from "../ui/shown-once.tsx";
import { Failed } from "../ui/states.tsx";
import { type Asked, AskFirst } from "./ask-first.tsx";
import { ColleagueRow } from "./colleague-row.tsx";
import { SessionsOf } from "./sessions-of.tsx";
import { useDoing, useInviteAgain } from "./use-colleagues.ts";

/** What was done last: told above the list, with the way back where there is one, or the link that came of it. */
type Told = { words: string; undo?: () => void } | { words: string; link: string };

/** All colleagues with how they stand, and what an administrator does about them. */
export function ColleagueList({ staff }: { staff: readonly Colleague[] }) {
  const { t } = useLanguage();
  const [asked, setAsked] = useState<Asked | null>(null);
  const [told, setTold] = useState<Told | null>(null);
  const [watched, setWatched] = useState<Colleague | null>(null);
  const doing = useDoing();
  const again = useInviteAgain();
  const close = () => {
    setAsked(null);
    doing.reset();
    again.reset();
  };
  const unblock = ({ staffId, name }: Colleague) =>
    doing.does({ staffId, doing: "unblock" }, () => setTold({ words: t("colleagues.unblocked", { name }) }));
  const done = ({ colleague, doing: what }: Asked) => {
    const { name } = colleague;
    close();
    if (what === "block") setTold({ words: t("colleagues.blocked", { name }), undo: () => unblock(colleague) });
    if (what === "signOut") setTold({ words: t("colleagues.signedOut", { name }) });
    if (what === "reset") setTold({ words: t("colleagues.wasReset", { name }) });
  };
  const doIt = (one: Asked) => {
    const { staffId, name } = one.colleague;
    if (one.doing !== "again") return doing.does({ staffId, doing: one.doing }, () => done(one));
    again.does(staffId, ({ token }) => {
      close();
      const link = `${location.origin}/claim?token=${encodeURIComponent(token)}`;
      setTold({ words: t("colleagues.again.done", { name }), link });
    });
  };
  return (
    <>
      {told && "link" in told && <ShownOnce words={told.words} secret={told.link} />}
      {told && !("link" in told) && (
        <Alert color="pine" variant="light" role="status">
          <Group justify="space-between">
            <Text size="sm">{told.words}</Text>
            {told.undo && (
              <Button size="compact-sm" variant="default" loading={doing.isBusy} onClick={told.undo}>
                {t("colleagues.undo")}
              </Button>
            )}
          </Group>
        </Alert>
      )}
      {doing.problem && !asked && <Failed problem={doing.problem} />}
      <Box className="card" py="xs" component="ul" m={0} style={{ listStyle: "none" }}>
        {staff.map((colleague) => (
          <ColleagueRow
            key={colleague.staffId}
            colleague={colleague}
            onAsk={(what) => setAsked({ colleague, doing: what })}
            onUnblock={() => unblock(colleague)}
            onWatch={() => setWatched(colleague)}
          />
        ))}
      </Box>
      <AskFirst
        asked={asked}
        isBusy={doing.isBusy || again.isBusy}
        problem={doing.problem ?? again.problem}
        onClose={close}
        onDo={doIt}
      />
      {watched && <SessionsOf colleague={watched} onClose={() => setWatched(null)} />}
    </>
  );
}
