import type { SeriesModel } from "./exponential-smoothing.ts";

const MOST_ORIGINS = 40;
/**
 * Errors from past origins were made with constants fitted on the whole series; the future knows no such favour. The
 * favour falls as the series grows, at about this many values.
 */
const FAVOUR_VALUES = 12;

/** Combines models, each weighing by the inverse fourth power of its mean error from past origins. */
export function combineModels(models: readonly SeriesModel[], series: readonly number[], horizon: number): SeriesModel {
  const errors = models.map((model) => meanError(model, series, horizon));
  const least = Math.min(...errors);
  const weights = errors.map((error) => (error > 0 ? (least / error) ** 4 : 1));
  const total = weights.reduce((a, b) => a + b, 0);
  return {
    forecast: (seen, ahead) => {
      let sum = 0;
      models.forEach((model, i) => {
        sum += (weights[i] ?? 0) * model.forecast(seen, ahead);
      });
      return sum / total;
    },
  };
}

/** The standard deviation of a model's error at each step ahead: a variance that grows in a straight line. */
export function errorSpread(model: SeriesModel, series: readonly number[], horizon: number): number[] {
  const squares = Array<number>(horizon).fill(0);
  const counts = Array<number>(horizon).fill(0);
  for (const origin of originsOf(series)) {
    for (let ahead = 1; ahead <= horizon && origin + ahead <= series.length; ahead++) {
      const error = (series[origin + ahead - 1] ?? 0) - model.forecast(origin, ahead);
      squares[ahead - 1] = (squares[ahead - 1] ?? 0) + error * error;
      counts[ahead - 1] = (counts[ahead - 1] ?? 0) + 1;
    }
  }
  return growingLine(squares, counts).map(
    (variance) => (1 + FAVOUR_VALUES / Math.max(1, series.length)) * Math.sqrt(variance),
  );
}

function meanError(model: SeriesModel, series: readonly number[], horizon: number): number {
  let sum = 0;
  let count = 0;
  for (const origin of originsOf(series)) {
    for (let ahead = 1; ahead <= horizon && origin + ahead <= series.length; ahead++) {
      sum += Math.abs((series[origin + ahead - 1] ?? 0) - model.forecast(origin, ahead));
      count++;
    }
  }
  return count > 0 ? sum / count : 0;
}

/** Past moments to forecast from: over the later two thirds, at most `MOST_ORIGINS`, spread evenly. */
function originsOf(series: readonly number[]): number[] {
  const first = Math.min(series.length - 1, Math.max(4, Math.floor(series.length / 3)));
  const step = Math.max(1, Math.ceil((series.length - first) / MOST_ORIGINS));
  const origins: number[] = [];
  for (let origin = series.length - 1; origin >= first; origin -= step) origins.push(origin);
  return origins;
}

/** Least squares of the mean squares on the steps ahead, weighted by their counts; never falling, never below zero. */
function growingLine(squares: readonly number[], counts: readonly number[]): number[] {
  const total = counts.reduce((a, b) => a + b, 0);
  if (total === 0) return squares.map(() => 0);
  const middle = counts.reduce((sum, count, i) => sum + count * i, 0) / total;
  const mean = squares.reduce((a, b) => a + b, 0) / total;
  let product = 0;
  let spread = 0;
  counts.forEach((count, i) => {
    if (count === 0) return;
    product += count * (i - middle) * ((squares[i] ?? 0) / count - mean);
    spread += count * (i - middle) ** 2;
  });
  const slope = spread > 0 ? Math.min(Math.max(0, product / spread), middle > 0 ? mean / middle : 0) : 0;
  return squares.map((_, i) => Math.max(0, mean + slope * (i - middle)));
}
