import type { AuditList } from "@rapport/contract/api";
import { useInfiniteQuery } from "@tanstack/react-query";

import { ask, queryOf } from "../hub/ask.ts";
import { type Pages, type Shown, shownPages } from "../hub/shown.ts";

/** Deeds of colleagues and keys, newest first. */
export function useAudit(): Shown<Pages<AuditList>> {
  return shownPages(
    useInfiniteQuery({
      queryKey: ["audit"],
      queryFn: ({ pageParam, signal }) => ask<AuditList>(`/api/audit${queryOf({ before: pageParam })}`, { signal }),
      initialPageParam: "",
      getNextPageParam: ({ before }) => before,
    }),
  );
}
