import { Box, Stack } from "@mantine/core";
import { useState } from "react";

import { useLanguage } from "../language/use-language.tsx";
import { Confirm } from "../ui/confirm.tsx";
import { More } from "../ui/more.tsx";
import { Room } from "../ui/room.tsx";
import { Empty, Failed, Loading } from "../ui/states.tsx";
import { type Letter, LetterCard } from "./letter-card.tsx";
import { LetterFilterBar } from "./letter-filter-bar.tsx";
import { ManyLetters } from "./many-letters.tsx";
import { type LetterFilters, useDeadLetters, useGiveBack, useSetAside } from "./use-dead-letters.ts";

type Filtered = { filters: LetterFilters; onFilter: (filters: LetterFilters) => void };

/** What could not be worked on: found by filters, tried again or set aside, one or all that match. */
export function DeadLetters({ filters, onFilter }: Filtered) {
  const { t } = useLanguage();
  const shown = useDeadLetters(filters);
  const isFiltered = Object.keys(filters).length > 0;
  const letters = shown.state === "ready" ? shown.pages.flatMap((page) => page.letters) : [];
  const [newest] = letters;
  return (
    <Room title={t("room.deadLetters")} lead={t("deadLetters.lead")}>
      <LetterFilterBar filters={filters} onFilter={onFilter} />
      {shown.state === "loading" && <Loading />}
      {shown.state === "failed" && <Failed problem={shown.problem} retry={shown.retry} />}
      {shown.state === "ready" && !newest && (
        <Box className="card">
          {isFiltered ? (
            <Empty title={t("deadLetters.noneFound")} help={t("deadLetters.noneFound.help")} />
          ) : (
            <Empty title={t("deadLetters.none")} help={t("deadLetters.none.help")} />
          )}
        </Box>
      )}
      {shown.state === "ready" && newest && (
        <>
          <ManyLetters
            filters={filters}
            newest={newest.deadLetterId}
            matching={shown.pages[0]?.matching ?? 0}
            returnable={shown.pages[0]?.returnable ?? 0}
          />
          <LetterList letters={letters} />
          <More more={shown.more} isFetchingMore={shown.isFetchingMore} />
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
