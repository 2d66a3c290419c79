import type { Timeline } from "@rapport/contract/api";
import { useInfiniteQuery } from "@tanstack/react-query";

import { ask, queryOf } from "../hub/ask.ts";
import { type Pages, type Shown, shownPages } from "../hub/shown.ts";

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
    }),
  );
}
