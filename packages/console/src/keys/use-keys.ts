import type { ApiKeyList, ApiKeyShown, NewApiKey } from "@rapport/contract/api";
import { useQuery } from "@tanstack/react-query";

import { ask } from "../hub/ask.ts";
import { type Shown, shownOf } from "../hub/shown.ts";
import { useDeed } from "../ui/use-deed.ts";

const KEYS = ["keys"];

/** The keys that programs use. */
export function useKeys(): Shown<ApiKeyList> {
  return shownOf(
    useQuery({ queryKey: KEYS, queryFn: ({ signal }) => ask<ApiKeyList>("/api/keys", { signal }) }),
    (list) => list,
  );
}

export const useCreateKey = () =>
  useDeed((body: NewApiKey) => ask<ApiKeyShown>("/api/keys", { method: "POST", body }), KEYS);
export const useRevokeKey = () =>
  useDeed((apiKeyId: string) => ask(`/api/keys/${apiKeyId}`, { method: "DELETE" }), KEYS);
