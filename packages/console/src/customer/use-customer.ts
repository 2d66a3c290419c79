import type { ConfirmClaim, ConsentChange, Customer, Problem } from "@rapport/contract/api";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { ask } from "../hub/ask.ts";
import { problemIn } from "../hub/problem.ts";
import { type Shown, shownOf } from "../hub/shown.ts";

const LOOK_AGAIN_MS = 10_000;

/** One customer, looked at again while the screen is open. */
export function useCustomer(customerId: string): Shown<{ customer: Customer }> {
  const query = useQuery({
    queryKey: ["customer", customerId],
    queryFn: ({ signal }) => ask<Customer>(`/api/customers/${customerId}`, { signal }),
    refetchInterval: LOOK_AGAIN_MS,
  });
  return shownOf(query, (customer) => ({ customer }));
}

/** A deed on this customer: accepted at once, and seen on the picture a moment later. */
export type Deed<Body> = {
  does: (body: Body, done: () => void) => void;
  isBusy: boolean;
  problem: Problem | null;
  reset: () => void;
};

export const useChangeConsent = (customerId: string) => useDeed<ConsentChange>(customerId, "consent");
export const useConfirmClaim = (customerId: string) => useDeed<ConfirmClaim>(customerId, "claims/confirm");
export const useUnmerge = (customerId: string) => useDeed<{ from: string }>(customerId, "unmerge");

function useDeed<Body>(customerId: string, path: string): Deed<Body> {
  const lookAgain = useLookAgain(customerId);
  const { mutate, isPending, error, reset } = useMutation({
    mutationFn: (body: Body) => ask(`/api/customers/${customerId}/${path}`, { method: "POST", body }),
    onSuccess: lookAgain,
  });
  return {
    does: (body, done) => mutate(body, { onSuccess: done }),
    isBusy: isPending,
    problem: error ? problemIn(error) : null,
    reset,
  };
}

/** What was accepted takes effect in a moment: at once is often too early, so it is looked at twice. */
export function useLookAgain(customerId: string): () => void {
  const client = useQueryClient();
  const look = () => void client.invalidateQueries({ queryKey: ["customer", customerId] });
  return () => {
    setTimeout(look, 400);
    setTimeout(look, 2_000);
  };
}
