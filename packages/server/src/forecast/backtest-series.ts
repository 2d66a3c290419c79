import {
  detectPeriod,
  fillGaps,
  findSeasonality,
  forecastSeries,
  mase,
  msis,
  naiveScale,
  type SeriesForecast,
  smape,
  withoutSeason,
  withSeason,
} from "@rapport/engine/forecast/index";

import { readSeries, type TestSeries } from "./read-series.ts";

export type SeriesBacktestOptions = {
  /** The length of a season; found in the data where absent (the file's frequency, or a week within a year). */
  period?: number;
  /** Forecast this many steps at most; all of the test part where absent. */
  horizon?: number;
  /** Take the first so many series only. */
  limit?: number;
};

export type SeriesMethod = "forecast" | "seasonalNaive" | "naive2";
/** Means over the series; `coverage` is the share of values within the 95 % interval. `msis` is of that interval. */
export type SeriesScores = {
  method: SeriesMethod;
  smape: number;
  mase: number;
  msis: number | null;
  coverage: number | null;
};
export type SeriesBacktest = { series: number; periods: Record<string, number>; methods: SeriesScores[] };

const LEVEL = 0.95;

/** Forecasts each series' test part from its training part alone. Errors: `BadFile`, see `readSeries`. */
export async function backtestSeries(file: string, options: SeriesBacktestOptions = {}): Promise<SeriesBacktest> {
  const all = await readSeries(file);
  const judged = all.slice(0, options.limit ?? all.length).map((series) => judge(series, options));
  const periods: Record<string, number> = {};
  for (const { period } of judged) periods[period] = (periods[period] ?? 0) + 1;
  const mean = (pick: (one: Judged) => number) => meanOfKnown(judged.map(pick));
  const scores = (method: SeriesMethod): SeriesScores => ({
    method,
    smape: mean(({ points }) => points[method].smape),
    mase: mean(({ points }) => points[method].mase),
    msis: method === "forecast" ? mean((one) => one.msis) : null,
    coverage: method === "forecast" ? mean((one) => one.coverage) : null,
  });
  return { series: judged.length, periods, methods: [scores("forecast"), scores("seasonalNaive"), scores("naive2")] };
}

type Judged = {
  period: number;
  points: Record<SeriesMethod, { smape: number; mase: number }>;
  msis: number;
  coverage: number;
};

function judge({ train, test, frequency }: TestSeries, options: SeriesBacktestOptions): Judged {
  const actual = test.slice(0, options.horizon ?? test.length);
  const period = options.period ?? periodOf(train, frequency);
  const scale = naiveScale(train, period);
  const forecast = forecastSeries(train, { horizon: actual.length, period, level: LEVEL });
  const score = (values: readonly number[]) => ({ smape: smape(actual, values), mase: mase(actual, values, scale) });
  const { seasonalNaive, naive2 } = naiveForecasts(train, period, actual.length);
  return {
    period,
    points: { forecast: score(forecast.mean), seasonalNaive: score(seasonalNaive), naive2: score(naive2) },
    msis: msis(actual, { ...forecast, level: LEVEL }, scale),
    coverage: coverageOf(actual, forecast),
  };
}

/** A year of days has a week in it that matters more; otherwise the file's own frequency is the season. */
function periodOf(train: readonly (number | null)[], frequency: number): number {
  if (frequency <= 52) return Math.max(1, Math.round(frequency));
  return detectPeriod(fillGaps(train, 7), [7, 24, 12]);
}

/** The last season again; and Naive2, the last value with the season of the classical decomposition (Makridakis). */
function naiveForecasts(train: readonly (number | null)[], period: number, horizon: number) {
  const values = fillGaps(train, period);
  const season = findSeasonality(values, period);
  const end = values.length;
  const last = withoutSeason(values[end - 1] ?? 0, end - 1, season);
  return {
    seasonalNaive: Array.from({ length: horizon }, (_, i) => values[end - period + (i % period)] ?? 0),
    naive2: Array.from({ length: horizon }, (_, i) => withSeason(last, end + i, season)),
  };
}

function coverageOf(actual: readonly (number | null)[], { low, high }: SeriesForecast): number {
  const inside = actual.flatMap((value, i) =>
    value === null ? [] : [(low[i] ?? 0) <= value && value <= (high[i] ?? 0)],
  );
  return inside.filter(Boolean).length / inside.length;
}

/** A series that is constant has no scale, and a test part may be all gaps: such figures are left out of the mean. */
function meanOfKnown(values: readonly number[]): number {
  const known = values.filter(Number.isFinite);
  return known.length > 0 ? known.reduce((a, b) => a + b, 0) / known.length : Number.NaN;
}
