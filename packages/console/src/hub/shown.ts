import type { Problem } from "@rapport/contract/api";
import type { InfiniteData, UseInfiniteQueryResult, UseQueryResult } from "@tanstack/react-query";

import { problemIn } from "./problem.ts";

/** What a screen may be in. A view is a function of it. */
export type Shown<Ready> =
  | { state: "loading" }
  | { state: "failed"; problem: Problem; retry: () => void }
  | ({ state: "ready" } & Ready);

/** Pages of a long list and how to get more of it. */
export type Pages<Page> = { pages: Page[]; more: (() => void) | null; isFetchingMore: boolean };

/** A query as a tagged state. What was read before stays shown when reading it again fails. */
export function shownOf<Data, Ready>(query: UseQueryResult<Data>, ready: (data: Data) => Ready): Shown<Ready> {
  if (query.data !== undefined) return { state: "ready", ...ready(query.data) };
  if (query.isError) return { state: "failed", problem: problemIn(query.error), retry: () => void query.refetch() };
  return { state: "loading" };
}

/** A list read page by page as a tagged state. */
export function shownPages<Page>(query: UseInfiniteQueryResult<InfiniteData<Page>>): Shown<Pages<Page>> {
  if (query.data !== undefined) {
    const more = query.hasNextPage ? () => void query.fetchNextPage() : null;
    return { state: "ready", pages: query.data.pages, more, isFetchingMore: query.isFetchingNextPage };
  }
  if (query.isError) return { state: "failed", problem: problemIn(query.error), retry: () => void query.refetch() };
  return { state: "loading" };
}
