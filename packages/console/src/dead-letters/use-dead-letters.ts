import type { DeadLetters } from "@rapport/contract/api";
import { useInfiniteQuery } from "@tanstack/react-query";

import { ask, queryOf } from "../hub/ask.ts";
import { type Pages, type Shown, shownPages } from "../hub/shown.ts";
import { useDeed } from "../ui/use-deed.ts";

const LETTERS = ["dead-letters"];

/** What came in and nobody could read, newest first. */
export function useDeadLetters(): Shown<Pages<DeadLetters>> {
  return shownPages(
    useInfiniteQuery({
      queryKey: LETTERS,
      queryFn: ({ pageParam, signal }) =>
        ask<DeadLetters>(`/api/dead-letters${queryOf({ before: pageParam })}`, { signal }),
      initialPageParam: "",
      getNextPageParam: ({ before }) => before,
    }),
  );
}

export const useGiveBack = () =>
  useDeed((id: number) => ask(`/api/dead-letters/${id}/return`, { method: "POST" }), LETTERS);
export const useSetAside = () =>
  useDeed((id: number) => ask(`/api/dead-letters/${id}/resolve`, { method: "POST" }), LETTERS);
