import type { DeadLetterFilter, DeadLetters, LettersDone, ManyDeadLetters } from "@rapport/contract/api";
import { useInfiniteQuery } from "@tanstack/react-query";

import { ask, queryOf } from "../hub/ask.ts";
import { type Pages, type Shown, shownPages } from "../hub/shown.ts";
import { useDeed } from "../ui/use-deed.ts";

/** What stands in the address; the times as a `datetime-local` field writes them, in this browser's zone. */
export type LetterFilters = { stage?: string; source?: string; reason?: string; from?: string; to?: string };
export type ManyDeed = "resolve" | "return";

const LETTERS = ["dead-letters"];

/** What came in and could not be worked on, newest first. */
export function useDeadLetters(filters: LetterFilters): Shown<Pages<DeadLetters>> {
  const { from, to, ...words } = asked(filters);
  const query = { ...words, from: from?.toString(), to: to?.toString() };
  return shownPages(
    useInfiniteQuery({
      queryKey: [...LETTERS, filters],
      queryFn: ({ pageParam, signal }) =>
        ask<DeadLetters>(`/api/dead-letters${queryOf({ ...query, before: pageParam })}`, { signal }),
      initialPageParam: "",
      getNextPageParam: ({ before }) => before,
    }),
  );
}

export const useGiveBack = () =>
  useDeed((id: number) => ask(`/api/dead-letters/${id}/return`, { method: "POST" }), LETTERS);
export const useSetAside = () =>
  useDeed((id: number) => ask(`/api/dead-letters/${id}/resolve`, { method: "POST" }), LETTERS);

/** Does it to all that match and that somebody could have seen: none newer than `newest`. The hub does a part a call. */
export const useManyLetters = (filters: LetterFilters) =>
  useDeed(async ({ deed, newest }: { deed: ManyDeed; newest: number }) => {
    for (let before: number | null = newest + 1; before !== null; ) {
      const body: ManyDeadLetters = { ...asked(filters), before };
      ({ before } = await ask<LettersDone>(`/api/dead-letters/${deed}`, { method: "POST", body }));
    }
  }, LETTERS);

function asked({ stage, from, to, ...words }: LetterFilters): Omit<DeadLetterFilter, "before"> {
  const [start, end] = [instantOf(from), instantOf(to)];
  return {
    ...words,
    ...(stage === "resolve" || stage === "apply" ? { stage } : {}),
    ...(start === null ? {} : { from: start }),
    ...(end === null ? {} : { to: end }),
  };
}

function instantOf(local: string | undefined): number | null {
  const at = local ? new Date(local).getTime() : Number.NaN;
  return Number.isFinite(at) && at >= 0 ? at : null;
}
