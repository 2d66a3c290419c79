import { type SeriesModel, simpleSmoothing } from "./exponential-smoothing.ts";

/**
 * The Theta method of Assimakopoulos & Nikolopoulos (2000) in Hyndman & Billah's form (2003): simple exponential
 * smoothing with a drift of half the slope of the straight line through all that was seen.
 */
export function theta(values: readonly number[]): SeriesModel {
  const { constant, levels } = simpleSmoothing(values);
  const slopes = slopesUntil(values);
  return {
    forecast: (seen, ahead) => {
      const drift = (slopes[seen] ?? 0) / 2;
      return (levels[seen] ?? 0) + drift * (ahead - 1 + (1 - (1 - constant) ** seen) / constant);
    },
  };
}

/** The slope of the least-squares line through the first n values, for every n. */
function slopesUntil(values: readonly number[]): number[] {
  const slopes = [0];
  let sum = 0;
  let weighted = 0;
  values.forEach((value, i) => {
    const n = i + 1;
    sum += value;
    weighted += i * value;
    slopes.push(n > 2 ? (12 * (weighted - (sum * i) / 2)) / (n * (n * n - 1)) : 0);
  });
  return slopes;
}
