import { Badge, Box, Button, Group, Stack, Text } from "@mantine/core";
import type { SessionList as Sessions } from "@rapport/contract/api";

import { useLanguage } from "../language/use-language.tsx";
import { browserOf } from "./browser-of.ts";
import { Moment } from "./moment.tsx";

type Session = Sessions["sessions"][number];

/** Where somebody is signed in, and ending it there. The one that looks is not ended here: it signs out. */
export function SessionList({
  sessions,
  isBusy,
  onEnd,
}: {
  sessions: readonly Session[];
  isBusy: boolean;
  onEnd: (sessionId: string) => void;
}) {
  return (
    <Stack gap={0} component="ul" m={0} p={0} style={{ listStyle: "none" }}>
      {sessions.map((session) => (
        <SessionRow key={session.sessionId} session={session} isBusy={isBusy} onEnd={onEnd} />
      ))}
    </Stack>
  );
}

function SessionRow({
  session: { sessionId, browser, createdAt, lastSeenAt, address, isThis },
  isBusy,
  onEnd,
}: {
  session: Session;
  isBusy: boolean;
  onEnd: (sessionId: string) => void;
}) {
  const { t, format } = useLanguage();
  const known = browserOf(browser);
  const name = !known
    ? t("account.sessions.unknown")
    : known.system
      ? t("account.sessions.browser", { browser: known.browser, system: known.system })
      : known.browser;
  return (
    <Group component="li" justify="space-between" wrap="nowrap" py="xs" gap="sm" data-session>
      <Box miw={0}>
        <Group gap="xs">
          <Text size="sm" fw={550} className="name" title={browser ?? ""}>
            {name}
          </Text>
          {isThis && (
            <Badge size="sm" variant="light">
              {t("account.sessions.this")}
            </Badge>
          )}
        </Group>
        <Text size="xs" className="quiet name">
          {t("account.sessions.since", { since: format.moment(createdAt), address: address ?? "?" })}
          {lastSeenAt !== null && !isThis && (
            <>
              {" · "}
              {t("account.sessions.seen", { at: "" })} <Moment at={lastSeenAt} />
            </>
          )}
        </Text>
      </Box>
      {!isThis && (
        <Button
          size="compact-sm"
          variant="default"
          style={{ flex: "none" }}
          disabled={isBusy}
          aria-label={t("account.sessions.end.of", { browser: name })}
          onClick={() => onEnd(sessionId)}
        >
          {t("account.sessions.end")}
        </Button>
      )}
    </Group>
  );
}
