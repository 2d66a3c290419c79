import type { CustomerList } from "@rapport/contract/api";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";

import { ask, queryOf } from "../hub/ask.ts";
import { type Pages, type Shown, shownPages } from "../hub/shown.ts";

const LOOK_AGAIN_MS = 10_000;

/** Customers found by `q`, or all of them page by page without it. */
export function useCustomers(q: string): Shown<Pages<CustomerList>> {
  return shownPages(
    useInfiniteQuery({
      queryKey: ["customers", q],
      queryFn: ({ pageParam, signal }) =>
        ask<CustomerList>(`/api/customers${queryOf({ q, cursor: pageParam })}`, { signal }),
      initialPageParam: "",
      getNextPageParam: ({ cursor }) => cursor,
      placeholderData: keepPreviousData,
      refetchInterval: ({ state }) => (state.data && state.data.pages.length > 1 ? false : LOOK_AGAIN_MS),
    }),
  );
}
