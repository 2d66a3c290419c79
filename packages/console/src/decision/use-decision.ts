import type { DecisionTold, WhatIf } from "@rapport/contract/api";
import { keepPreviousData, useQuery } from "@tanstack/react-query";

import { ask } from "../hub/ask.ts";
import { type Shown, shownOf } from "../hub/shown.ts";

export type DecisionAddress = { customerId: string; decisionId: string };

const pathOf = ({ customerId, decisionId }: DecisionAddress) => `/api/customers/${customerId}/decisions/${decisionId}`;

/** One decision with everything it was made from. */
export function useDecision(address: DecisionAddress): Shown<{ decision: DecisionTold }> {
  const query = useQuery({
    queryKey: ["decision", address],
    queryFn: ({ signal }) => ask<DecisionTold>(pathOf(address), { signal }),
  });
  return shownOf(query, (decision) => ({ decision }));
}

/** The same decision with some facts changed: a question, so it is kept by what was asked. Null while nothing is changed. */
export function useWhatIf(address: DecisionAddress, changes: WhatIf): Shown<{ decision: DecisionTold }> | null {
  const isChanged = Object.keys(changes).length > 0;
  const query = useQuery({
    queryKey: ["what-if", address, changes],
    queryFn: ({ signal }) => ask<DecisionTold>(`${pathOf(address)}/what-if`, { method: "POST", body: changes, signal }),
    enabled: isChanged,
    placeholderData: keepPreviousData,
  });
  return isChanged ? shownOf(query, (decision) => ({ decision })) : null;
}
