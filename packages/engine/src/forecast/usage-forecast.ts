/**
 * A forecast of a cycle's total, in the unit of the usage: a plain record to store, send and draw. `quantiles` are
 * the total at `FORECAST_LEVELS`; `low80`…`high80` holds it with a chance of 80 %, `low90`…`high90` of 90 %.
 */
export type UsageForecast = {
  median: number;
  mean: number;
  low80: number;
  high80: number;
  low90: number;
  high90: number;
  quantiles: number[];
  soFar: number;
  daysLeft: number;
};

/** 0.025, 0.05 … 0.975. */
export const FORECAST_LEVELS: readonly number[] = Array.from({ length: 39 }, (_, i) => (i + 1) / 40);

/** The chance that the cycle's total ends above `limit`: falls as the limit rises, 1 where it is already passed. */
export function probabilityAbove(forecast: UsageForecast, limit: number): number {
  const { quantiles, soFar } = forecast;
  if (limit < soFar) return 1;
  const above = quantiles.findIndex((quantile) => quantile > limit);
  if (above === -1) return beyondLast(quantiles, limit);
  const low = above === 0 ? soFar : (quantiles[above - 1] ?? soFar);
  const high = quantiles[above] ?? low;
  const share = high > low ? (limit - low) / (high - low) : 0;
  return 1 - (above + share) / (quantiles.length + 1);
}

/** Beyond the last quantile the chance falls off as an exponential, at the pace of the upper tenth. */
function beyondLast(quantiles: readonly number[], limit: number): number {
  const last = quantiles.length - 1;
  const top = quantiles[last] ?? 0;
  const pace = (top - (quantiles[last - 3] ?? top)) / Math.log(4);
  return pace > 0 ? Math.exp(-(limit - top) / pace) / (quantiles.length + 1) : 0;
}

/**
 * The expectation of `costOf(total)` over the forecast, for instance the bill under a plan: the mean over the
 * quantiles, so it is exact for straight costs to about one part in the number of quantiles.
 */
export function expectationOf(forecast: UsageForecast, costOf: (total: number) => number): number {
  let sum = 0;
  for (const quantile of forecast.quantiles) sum += costOf(quantile);
  return sum / forecast.quantiles.length;
}
