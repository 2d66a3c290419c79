import type { Timeline } from "@rapport/contract/api";
import { useInfiniteQuery } from "@tanstack/react-query";

import { ask, queryOf } from "../hub/ask.ts";
import { type Pages, type Shown, shownPages } from "../hub/shown.ts";

const LOOK_AGAIN_MS = 10_000;

export type TimelineFilter = { channel?: string; kind?: string };

/** A customer's events of one channel and kind (or all), newest first. */
export function useTimeline(customerId: string, { channel, kind }: TimelineFilter): Shown<Pages<Timeline>> {
  return shownPages(
    useInfiniteQuery({
      queryKey: ["customer", customerId, "timeline", channel ?? "", kind ?? ""],
      queryFn: ({ pageParam, signal }) =>
        ask<Timeline>(`/api/customers/${customerId}/timeline${queryOf({ channel, kind, before: pageParam })}`, {
          signal,
        }),
      initialPageParam: "",
      getNextPageParam: ({ before }) => before,
      // News comes by itself while the first page is looked at; who reads further back is left in peace.
      refetchInterval: ({ state }) => (state.data && state.data.pages.length > 1 ? false : LOOK_AGAIN_MS),
    }),
  );
}
