import type { DeadLetters } from "@rapport/contract/api";
import { useQuery } from "@tanstack/react-query";

import { ask } from "../hub/ask.ts";
import { type Shown, shownOf } from "../hub/shown.ts";
import { useDeed } from "../ui/use-deed.ts";

const LETTERS = ["dead-letters"];

/** What came in and nobody could read. */
export function useDeadLetters(): Shown<DeadLetters> {
  const query = useQuery({
    queryKey: LETTERS,
    queryFn: ({ signal }) => ask<DeadLetters>("/api/dead-letters", { signal }),
  });
  return shownOf(query, (letters) => letters);
}

export const useGiveBack = () =>
  useDeed((id: number) => ask(`/api/dead-letters/${id}/return`, { method: "POST" }), LETTERS);
export const useSetAside = () =>
  useDeed((id: number) => ask(`/api/dead-letters/${id}/resolve`, { method: "POST" }), LETTERS);
