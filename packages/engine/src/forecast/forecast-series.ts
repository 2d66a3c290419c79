import { dampedTrend, type SeriesModel } from "./exponential-smoothing.ts";
import { fillGaps } from "./fill-gaps.ts";
import { normalQuantile } from "./normal-distribution.ts";
import { seasonalMean } from "./seasonal-mean.ts";
import { seasonalNaive } from "./seasonal-naive.ts";
import { seasonalSmoothing } from "./seasonal-smoothing.ts";
import { findSeasonality, withoutSeason, withSeason } from "./seasonality.ts";
import { combineModels, errorSpread, plainestThatWins } from "./series-combination.ts";
import { theta } from "./theta.ts";
import { yearEcho } from "./year-echo.ts";

/** `mean[i]` is what to expect i + 1 steps after the end; `low[i]`…`high[i]` holds it with the chance asked for. */
export type SeriesForecast = { mean: number[]; low: number[]; high: number[] };

/** How far to look (`horizon`, steps), the length of a season (`period`, 1 for none) and the interval's chance. */
export type SeriesQuestion = { horizon: number; period: number; level?: number };

/**
 * Forecasts a plain series; `null` is a missing value. An automatic combination of Theta and damped trend (on the
 * seasonally adjusted series), Holt–Winters, the discounted seasonal mean and the last season again, each for the season
 * asked for and for the longer one that it may stand in, weighted by how each did from past origins of this very series, the
 * latest most; on logarithms where all values are above zero. Where the last season again has lately been better than all of them
 * together, it is used alone. Interval from the forecast's own errors at those origins, growing with the horizon. A series that is
 * never negative is not forecast negative.
 */
export function forecastSeries(
  values: readonly (number | null)[],
  { horizon, period, level = 0.95 }: SeriesQuestion,
): SeriesForecast {
  const filled = fillGaps(values, period);
  const isPositive = filled.every((value) => value > 0);
  const series = isPositive ? filled.map(Math.log) : filled;
  const back = isPositive ? growthWithin(series) : (value: number) => value;
  const floor = filled.every((value) => value >= 0) ? 0 : Number.NEGATIVE_INFINITY;

  const model = modelOf(series, period, horizon);
  const spreads = errorSpread(model, series, horizon);
  const reach = normalQuantile((1 + level) / 2);
  const echo = period === 7 ? yearEcho(seasonLess(filled, period), horizon) : [];

  const forecast: SeriesForecast = { mean: [], low: [], high: [] };
  for (let i = 0; i < horizon; i++) {
    const middle = model.forecast(series.length, i + 1);
    const swing = reach * (spreads[i] ?? 0);
    const finish = (value: number) => Math.max(floor, back(value) * (echo[i] ?? 1));
    forecast.mean.push(finish(middle));
    forecast.low.push(finish(middle - swing));
    forecast.high.push(finish(middle + swing));
  }
  return forecast;
}

/** From logarithms back; a series does not leave the range it has had by more than that range again. */
function growthWithin(logarithms: readonly number[]): (value: number) => number {
  const highest = logarithms.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const lowest = logarithms.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const ceiling = Math.min(700, highest + Math.max(1, highest - lowest));
  return (value) => Math.exp(Math.min(value, ceiling));
}

/** Errors enough to tell that a model does better. */
const A_FEW = 12;

function modelOf(series: readonly number[], period: number, horizon: number): SeriesModel {
  const periods = [period, ...longerPeriods(series, period)];
  const combination = combineModels(
    periods.flatMap((each) => membersOf(series, each)),
    series,
    horizon,
  );
  const plain = periods.map((each) => seasonalNaive(series, each));
  const lately = Math.min(horizon, Math.max(period, A_FEW));
  return plainestThatWins(plain, combination, series, { horizon, lately }) ?? combination;
}

/** Hours have weeks beside their days, and what is given without a season has the weeks of a year where it is long enough. */
const LONGER: Readonly<Record<number, number>> = { 24: 168, 1: 52 };
const longerPeriods = (series: readonly number[], period: number): number[] => {
  const longer = LONGER[period];
  return longer !== undefined && series.length >= 3 * longer ? [longer] : [];
};

function membersOf(series: readonly number[], period: number): SeriesModel[] {
  const season = findSeasonality(series, period);
  const adjusted = series.map((value, i) => withoutSeason(value, i, season));
  const straight = theta(adjusted);
  const damped = dampedTrend(adjusted);
  const trend: SeriesModel = {
    forecast: (seen, ahead) =>
      withSeason((straight.forecast(seen, ahead) + damped.forecast(seen, ahead)) / 2, seen + ahead - 1, season),
  };
  return [trend, seasonalSmoothing(series, period), seasonalMean(series, period), seasonalNaive(series, period)];
}

function seasonLess(values: readonly number[], period: number): number[] {
  const season = findSeasonality(values, period);
  return values.map((value, i) => withoutSeason(value, i, season));
}
