/** A model fitted to a series: what it forecasts `ahead` steps after having seen the first `seen` values. */
export type SeriesModel = { forecast(seen: number, ahead: number): number };

/** Smoothing constants: of the level, the trend and its damping. A `trend` of 0 is simple exponential smoothing. */
export type Smoothing = { level: number; trend: number; damping: number };

const LEVELS: readonly number[] = [0.02, 0.05, 0.1, 0.17, 0.25, 0.35, 0.45, 0.55, 0.65, 0.75, 0.85, 0.95, 0.999];
const TRENDS: readonly number[] = [0.02, 0.05, 0.1, 0.2, 0.4];
const DAMPINGS: readonly number[] = [0.8, 0.88, 0.94, 0.98];

/** Simple exponential smoothing, its constant chosen by the least squared error one step ahead. */
export function simpleSmoothing(
  values: readonly number[],
): SeriesModel & { constant: number; levels: readonly number[] } {
  const fits = LEVELS.map((level) => smooth(values, { level, trend: 0, damping: 0 }));
  const best = leastError(fits);
  return { forecast: (seen) => best.levels[seen] ?? 0, constant: best.smoothing.level, levels: best.levels };
}

/** Gardner & McKenzie's damped trend (1985), its constants chosen likewise on a grid. */
export function dampedTrend(values: readonly number[]): SeriesModel {
  const fits = LEVELS.flatMap((level) =>
    TRENDS.flatMap((trend) => DAMPINGS.map((damping) => ({ level, trend: trend * level, damping }))),
  );
  const smoothing = fits.reduce(
    (best, one) => {
      const error = squaredError(values, one);
      return error < best.error ? { one, error } : best;
    },
    { one: { level: 0.1, trend: 0, damping: 0 }, error: Number.POSITIVE_INFINITY },
  ).one;
  const { levels, trends } = smooth(values, smoothing);
  return {
    forecast: (seen, ahead) => {
      const { damping } = smoothing;
      const reach = (damping * (1 - damping ** ahead)) / (1 - damping);
      return (levels[seen] ?? 0) + (trends[seen] ?? 0) * reach;
    },
  };
}

type Smoothed = { smoothing: Smoothing; levels: number[]; trends: number[]; error: number };

function leastError(fits: readonly Smoothed[]): Smoothed {
  return fits.reduce((best, one) => (one.error < best.error ? one : best));
}

/** `levels[n]` and `trends[n]` are the states after the first n values. */
function smooth(values: readonly number[], smoothing: Smoothing): Smoothed {
  const start = startOf(values, smoothing);
  const levels = [start.level];
  const trends = [start.trend];
  let { level, trend } = start;
  let error = 0;
  for (const value of values) {
    const expected = level + smoothing.damping * trend;
    const surprise = value - expected;
    error += surprise * surprise;
    level = expected + smoothing.level * surprise;
    trend = smoothing.damping * trend + smoothing.trend * surprise;
    levels.push(level);
    trends.push(trend);
  }
  return { smoothing, levels, trends, error };
}

/** As `smooth`, the error alone: it is asked hundreds of times a series. */
function squaredError(values: readonly number[], smoothing: Smoothing): number {
  let { level, trend } = startOf(values, smoothing);
  let error = 0;
  for (const value of values) {
    const expected = level + smoothing.damping * trend;
    const surprise = value - expected;
    error += surprise * surprise;
    level = expected + smoothing.level * surprise;
    trend = smoothing.damping * trend + smoothing.trend * surprise;
  }
  return error;
}

/** Before the first value: the straight line through the first ten, a step back; their mean where there is no trend. */
function startOf(values: readonly number[], { trend }: Smoothing): { level: number; trend: number } {
  const first = values.slice(0, 10);
  const middle = (first.length - 1) / 2;
  const mean = first.reduce((a, b) => a + b, 0) / Math.max(1, first.length);
  if (trend === 0 || first.length < 3) return { level: mean, trend: 0 };
  let product = 0;
  let squares = 0;
  first.forEach((value, i) => {
    product += (i - middle) * (value - mean);
    squares += (i - middle) ** 2;
  });
  const slope = product / squares;
  return { level: mean - slope * (middle + 1), trend: slope };
}
