import {
  detectPeriod,
  fillGaps,
  findSeasonality,
  forecastSeries,
  mase,
  msis,
  naiveScale,
  seasonalNaive,
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
/** Means over the series; `msis` is of the 95 % interval, and `coverage` the share of values within it. */
export type SeriesScores = { method: SeriesMethod } & Scores;
type Scores = { smape: number; mase: number; msis: number; coverage: number };
export type SeriesBacktest = { series: number; periods: Record<string, number>; methods: SeriesScores[] };

const LEVEL = 0.95;
/** The normal quantile of a two-sided 95 %. */
const NORMAL_REACH = 1.96;

/** Forecasts each series' test part from its training part alone. Errors: `BadFile`, see `readSeries`. */
export async function backtestSeries(file: string, options: SeriesBacktestOptions = {}): Promise<SeriesBacktest> {
  const all = await readSeries(file);
  const judged = all.slice(0, options.limit ?? all.length).map((series) => judge(series, options));
  const periods: Record<string, number> = {};
  for (const { period } of judged) periods[period] = (periods[period] ?? 0) + 1;
  const scores = (method: SeriesMethod): SeriesScores => {
    const mean = (name: keyof Scores) => meanOfKnown(judged.map(({ scores: each }) => each[method][name]));
    return { method, smape: mean("smape"), mase: mean("mase"), msis: mean("msis"), coverage: mean("coverage") };
  };
  return { series: judged.length, periods, methods: [scores("forecast"), scores("seasonalNaive"), scores("naive2")] };
}

type Judged = { period: number; scores: Record<SeriesMethod, Scores> };

function judge({ train, test, frequency }: TestSeries, options: SeriesBacktestOptions): Judged {
  const actual = test.slice(0, options.horizon ?? test.length);
  const horizon = actual.length;
  const period = options.period ?? periodOf(train, frequency);
  const scale = naiveScale(train, period);
  const score = (forecast: SeriesForecast): Scores => ({
    smape: smape(actual, forecast.mean),
    mase: mase(actual, forecast.mean, scale),
    msis: msis(actual, { ...forecast, level: LEVEL }, scale),
    coverage: coverageOf(actual, forecast),
  });
  return {
    period,
    scores: {
      forecast: score(forecastSeries(train, { horizon, period, level: LEVEL })),
      seasonalNaive: score(lastSeason(fillGaps(train, period), period, horizon)),
      naive2: score(naive2(fillGaps(train, period), period, horizon)),
    },
  };
}

/** A year of days has a week in it that matters more; otherwise the file's own frequency is the season. */
function periodOf(train: readonly (number | null)[], frequency: number): number {
  if (frequency <= 52) return Math.max(1, Math.round(frequency));
  return detectPeriod(fillGaps(train, 7), [7, 24, 12]);
}

/** The last season again. */
function lastSeason(values: readonly number[], period: number, horizon: number): SeriesForecast {
  const model = seasonalNaive(values, period);
  const mean = Array.from({ length: horizon }, (_, i) => model.forecast(values.length, i + 1));
  return withNaiveInterval(mean, values, period);
}

/** The last value, with the season of the classical decomposition where there is one (Makridakis & Hibon 2000). */
function naive2(values: readonly number[], period: number, horizon: number): SeriesForecast {
  const season = findSeasonality(values, period);
  const adjusted = values.map((value, i) => withoutSeason(value, i, season));
  const last = adjusted.at(-1) ?? 0;
  const mean = Array.from({ length: horizon }, (_, i) => withSeason(last, values.length + i, season));
  return withNaiveInterval(mean, adjusted, 1);
}

/** A naive forecast's normal interval: its error's variance grows with each repetition (Hyndman & Athanasopoulos 5.5). */
function withNaiveInterval(mean: number[], values: readonly number[], lag: number): SeriesForecast {
  const steps = values.slice(lag).map((value, i) => value - (values[i] ?? 0));
  const deviation = Math.sqrt(meanOfKnown(steps.map((step) => step * step)));
  const swing = (i: number) => NORMAL_REACH * deviation * Math.sqrt(Math.ceil((i + 1) / lag));
  return { mean, low: mean.map((value, i) => value - swing(i)), high: mean.map((value, i) => value + swing(i)) };
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
