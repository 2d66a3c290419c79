import type { Problem } from "@rapport/contract/api";
import { type QueryKey, useMutation, useQueryClient } from "@tanstack/react-query";

import { problemIn } from "../hub/problem.ts";

/** Something a person does: under way, refused with a problem, or done. */
export type Deed<Given, Answer> = {
  does: (given: Given, done?: (answer: Answer) => void) => void;
  isBusy: boolean;
  problem: Problem | null;
  reset: () => void;
};

/** Does it, and has what is shown under `shows` read again. */
export function useDeed<Given, Answer>(deed: (given: Given) => Promise<Answer>, shows: QueryKey): Deed<Given, Answer> {
  const client = useQueryClient();
  const { mutate, isPending, error, reset } = useMutation({
    mutationFn: deed,
    onSuccess: () => client.invalidateQueries({ queryKey: shows }),
  });
  return {
    does: (given, done) => mutate(given, done ? { onSuccess: done } : {}),
    isBusy: isPending,
    problem: error ? problemIn(error) : null,
    reset,
  };
}
