import type { SeriesModel } from "./exponential-smoothing.ts";

/** How much less each earlier cycle counts. */
const MEMORY = 0.9;

/** The mean of the same season in past cycles, the latest counting most: slow, and hard to shake. */
export function seasonalMean(values: readonly number[], period: number): SeriesModel {
  return {
    forecast: (seen, ahead) => {
      let sum = 0;
      let weights = 0;
      let weight = 1;
      const season = (ahead - 1) % period;
      for (let i = seen - period + season; i >= 0; i -= period) {
        sum += weight * (values[i] ?? 0);
        weights += weight;
        weight *= MEMORY;
      }
      return weights > 0 ? sum / weights : (values[seen - 1] ?? 0);
    },
  };
}
