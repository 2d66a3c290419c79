import { Box, Button, Code, Group, Stack, Text } from "@mantine/core";
import type { DeadLetters as Letters } from "@rapport/contract/api";
import { useState } from "react";

import { useSession } from "../hub/use-session.ts";
import { useLanguage } from "../language/use-language.tsx";
import { Confirm } from "../ui/confirm.tsx";
import { More } from "../ui/more.tsx";
import { Room } from "../ui/room.tsx";
import { Empty, Failed, Loading } from "../ui/states.tsx";
import { useDeadLetters, useGiveBack, useSetAside } from "./use-dead-letters.ts";

type Letter = Letters["letters"][number];

/** What could not be read: why, its body, and setting it aside. */
export function DeadLetters() {
  const { t } = useLanguage();
  const shown = useDeadLetters();
  return (
    <Room title={t("room.deadLetters")} lead={t("deadLetters.lead")}>
      {shown.state === "loading" && <Loading />}
      {shown.state === "failed" && <Failed problem={shown.problem} retry={shown.retry} />}
      {shown.state === "ready" && (
        <>
          <LetterList letters={shown.pages.flatMap((page) => page.letters)} />
          {shown.more && <More more={shown.more} isFetchingMore={shown.isFetchingMore} />}
        </>
      )}
    </Room>
  );
}

function LetterList({ letters }: { letters: Letter[] }) {
  const { t } = useLanguage();
  const [asked, setAsked] = useState<Letter | null>(null);
  const { does, isBusy, problem, reset } = useSetAside();
  const back = useGiveBack();
  const close = () => {
    setAsked(null);
    reset();
  };
  if (letters.length === 0)
    return (
      <Box className="card">
        <Empty title={t("deadLetters.none")} help={t("deadLetters.none.help")} />
      </Box>
    );
  return (
    <Stack gap="md">
      {back.problem && <Failed problem={back.problem} />}
      {letters.map((letter) => (
        <LetterCard
          key={letter.deadLetterId}
          letter={letter}
          isBusy={back.isBusy}
          onGiveBack={() => back.does(letter.deadLetterId)}
          onSetAside={() => setAsked(letter)}
        />
      ))}
      <Confirm
        opened={asked !== null}
        question={t("deadLetters.resolve.ask")}
        explanation={t("deadLetters.resolve.explain")}
        deed={t("deadLetters.resolve")}
        isBusy={isBusy}
        problem={problem}
        onClose={close}
        onDo={() => {
          if (asked) does(asked.deadLetterId, close);
        }}
      />
    </Stack>
  );
}

function LetterCard({
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
  const { t, format } = useLanguage();
  const { may } = useSession();
  return (
    <Box component="article" className="card">
      <Group justify="space-between" align="flex-start" wrap="nowrap">
        <Box miw={0}>
          <Text fw={600} className="name">
            {reason}
          </Text>
          <Text size="xs" className="quiet">
            {t("deadLetters.at", { at: format.moment(at), stage, source })}
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
