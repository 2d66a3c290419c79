import type { DecisionList } from "@rapport/contract/api";
import { useInfiniteQuery } from "@tanstack/react-query";

import { ask, queryOf } from "../hub/ask.ts";
import { type Pages, type Shown, shownPages } from "../hub/shown.ts";

const LOOK_AGAIN_MS = 10_000;

export type DecisionFilters = { outcome?: string; policy?: string; action?: string; customerId?: string };

/** Decisions that pass the filters, newest first. */
export function useDecisions(filters: DecisionFilters): Shown<Pages<DecisionList>> {
  return shownPages(
    useInfiniteQuery({
      queryKey: ["decisions", filters],
      queryFn: ({ pageParam, signal }) =>
        ask<DecisionList>(`/api/decisions${queryOf({ ...filters, before: pageParam })}`, { signal }),
      initialPageParam: "",
      getNextPageParam: ({ before }) => before,
      // News comes by itself while the first page is looked at; who reads further back is left in peace.
      refetchInterval: ({ state }) => (state.data && state.data.pages.length > 1 ? false : LOOK_AGAIN_MS),
    }),
  );
}
