import type { SeriesModel } from "./exponential-smoothing.ts";

const MOST_ORIGINS = 40;
/**
 * Errors from past origins were made with constants fitted on the whole series; the future knows no such favour. The
 * favour falls as the series grows, at about this many values.
 */
const FAVOUR_VALUES = 12;

/** How often an error's weight halves from the end of the series to its beginning: where a model is chosen, and for an interval. */
const HALVINGS = { choice: 12, spread: 5 };
/** A plain model is used alone when its recent error is below this share of the combination's. */
const CLEARLY = 0.6;

/** Combines models, each weighing by the inverse fourth power of its mean error from past origins. */
export function combineModels(models: readonly SeriesModel[], series: readonly number[], horizon: number): SeriesModel {
  const seen = { horizon, origins: originsOf(series), halvings: HALVINGS.choice };
  const errors = models.map((model) => meanError(model, series, seen));
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

/**
 * The best of these plain models, when from the latest origins it has clearly done better than the combination: a level that has moved
 * is no longer what most past origins knew. Null when none has.
 */
export function plainestThatWins(
  plain: readonly SeriesModel[],
  combination: SeriesModel,
  series: readonly number[],
  { horizon, lately }: { horizon: number; lately: number },
): SeriesModel | null {
  const step = Math.max(1, Math.ceil(lately / 10));
  const origins: number[] = [];
  for (let origin = Math.max(1, series.length - lately); origin < series.length; origin += step) origins.push(origin);
  const errorOf = (model: SeriesModel) => meanError(model, series, { horizon, origins, halvings: 0 });
  const least = CLEARLY * errorOf(combination);
  const errors = plain.map(errorOf);
  const best = errors.indexOf(Math.min(...errors));
  return (errors[best] ?? least) < least ? (plain[best] ?? null) : null;
}

/** The standard deviation of a model's error at each step ahead: a variance that grows in a straight line. */
export function errorSpread(model: SeriesModel, series: readonly number[], horizon: number): number[] {
  const squares = Array<number>(horizon).fill(0);
  const counts = Array<number>(horizon).fill(0);
  const seen = { horizon, origins: originsOf(series), halvings: HALVINGS.spread };
  for (const { ahead, error, weight } of pastErrors(model, series, seen)) {
    squares[ahead - 1] = (squares[ahead - 1] ?? 0) + weight * error * error;
    counts[ahead - 1] = (counts[ahead - 1] ?? 0) + weight;
  }
  return growingLine(squares, counts).map(
    (variance) => (1 + FAVOUR_VALUES / Math.max(1, series.length)) * Math.sqrt(variance),
  );
}

type Seen = { horizon: number; origins: readonly number[]; halvings: number };

/** A model's errors from past origins, up to `horizon` steps ahead; the weight of each falls with the age of its origin. */
function* pastErrors(
  model: SeriesModel,
  series: readonly number[],
  { horizon, origins, halvings }: Seen,
): Generator<{ ahead: number; error: number; weight: number }> {
  for (const origin of origins) {
    const weight = 0.5 ** ((halvings * (series.length - origin)) / series.length);
    for (let ahead = 1; ahead <= horizon && origin + ahead <= series.length; ahead++)
      yield { ahead, error: (series[origin + ahead - 1] ?? 0) - model.forecast(origin, ahead), weight };
  }
}

function meanError(model: SeriesModel, series: readonly number[], seen: Seen): number {
  let sum = 0;
  let weights = 0;
  for (const { error, weight } of pastErrors(model, series, seen)) {
    sum += weight * Math.abs(error);
    weights += weight;
  }
  return weights > 0 ? sum / weights : 0;
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
