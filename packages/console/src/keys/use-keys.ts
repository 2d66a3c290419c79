import type { ApiKeyList, ApiKeyShown, KeyChange, NewApiKey } from "@rapport/contract/api";
import { useInfiniteQuery } from "@tanstack/react-query";

import { ask, queryOf } from "../hub/ask.ts";
import { type Pages, type Shown, shownPages } from "../hub/shown.ts";
import { useDeed } from "../ui/use-deed.ts";

const KEYS = ["keys"];

/** The keys that programs use, newest first. */
export function useKeys(): Shown<Pages<ApiKeyList>> {
  return shownPages(
    useInfiniteQuery({
      queryKey: KEYS,
      queryFn: ({ pageParam, signal }) => ask<ApiKeyList>(`/api/keys${queryOf({ before: pageParam })}`, { signal }),
      initialPageParam: "",
      getNextPageParam: ({ before }) => before,
    }),
  );
}

export const useCreateKey = () =>
  useDeed((body: NewApiKey) => ask<ApiKeyShown>("/api/keys", { method: "POST", body }), KEYS);
export const useChangeKey = () =>
  useDeed(
    ({ apiKeyId, origin }: { apiKeyId: string } & KeyChange) =>
      ask(`/api/keys/${apiKeyId}`, { method: "PATCH", body: { origin } }),
    KEYS,
  );
export const useRevokeKey = () =>
  useDeed((apiKeyId: string) => ask(`/api/keys/${apiKeyId}`, { method: "DELETE" }), KEYS);
