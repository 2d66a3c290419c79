import { Box, Button, Code, Group, Text } from "@mantine/core";
import type { DeadLetters } from "@rapport/contract/api";

import { useSession } from "../hub/use-session.ts";
import { useLanguage } from "../language/use-language.tsx";

export type Letter = DeadLetters["letters"][number];

/** One letter: why it was set aside, what came in, and what may be done with it. */
export function LetterCard({
  letter: { at, stage, source, reason, body, mayReturn },
  isBusy,
  onGiveBack,
  onSetAside,
}: {
  letter: Letter;
  isBusy: boolean;
  onGiveBack: () => void;
  onSetAside: () => void;
}) {
  const { t, say, format } = useLanguage();
  const { may } = useSession();
  return (
    <Box component="article" className="card">
      <Group justify="space-between" align="flex-start" wrap="nowrap">
        <Box miw={0}>
          <Text fw={600} className="name">
            {reason}
          </Text>
          <Text size="xs" className="quiet">
            {t("deadLetters.at", { at: format.moment(at), stage: say(`deadLetters.stage.${stage}`) ?? stage, source })}
          </Text>
        </Box>
        {may("manager") && (
          <Group gap="xs" wrap="nowrap" style={{ flex: "none" }}>
            {mayReturn && (
              <Button size="compact-sm" variant="light" disabled={isBusy} onClick={onGiveBack}>
                {t("deadLetters.return")}
              </Button>
            )}
            <Button size="compact-sm" variant="default" onClick={onSetAside}>
              {t("deadLetters.resolve")}
            </Button>
          </Group>
        )}
      </Group>
      <Code block mt="sm" aria-label={t("deadLetters.body")} mah={220} style={{ overflow: "auto" }}>
        {body}
      </Code>
    </Box>
  );
}
