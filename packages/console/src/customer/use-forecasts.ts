import type { Forecasts } from "@rapport/contract/api";
import { useQuery } from "@tanstack/react-query";

import { ask } from "../hub/ask.ts";
import { type Shown, shownOf } from "../hub/shown.ts";

/** What this customer's cycle will probably come to, for each usage that is forecast. */
export function useForecasts(customerId: string): Shown<Forecasts> {
  const query = useQuery({
    queryKey: ["customer", customerId, "forecasts"],
    queryFn: ({ signal }) => ask<Forecasts>(`/api/customers/${customerId}/forecasts`, { signal }),
  });
  return shownOf(query, (forecasts) => forecasts);
}
