import type { SeriesModel } from "./exponential-smoothing.ts";

/** The last season again: plain, and at once at home on a new level. */
export function seasonalNaive(values: readonly number[], period: number): SeriesModel {
  return { forecast: (seen, ahead) => values[Math.max(0, seen - period + ((ahead - 1) % period))] ?? 0 };
}
