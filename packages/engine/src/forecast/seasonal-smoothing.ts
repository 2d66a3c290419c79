import type { SeriesModel } from "./exponential-smoothing.ts";
import { findSeasonality } from "./seasonality.ts";

type Constants = { level: number; season: number; trend: number };

const LEVELS: readonly number[] = [0.01, 0.03, 0.06, 0.1, 0.2, 0.35, 0.55, 0.8];
const SEASONS: readonly number[] = [0.001, 0.03, 0.08, 0.15, 0.3];
const TRENDS: readonly number[] = [0, 0.02, 0.1];
const DAMPING = 0.95;

/**
 * Holt & Winters' smoothing with additive season and damped trend (ETS(A,Ad,A); Hyndman et al. 2008), constants by
 * the least squared error one step ahead on a grid. Where the series has no season it is its level and trend alone.
 */
export function seasonalSmoothing(values: readonly number[], period: number): SeriesModel {
  const grid = LEVELS.flatMap((level) =>
    SEASONS.flatMap((season) => TRENDS.map((trend) => ({ level, season: season * (1 - level), trend: trend * level }))),
  );
  const start = startOf(values, period);
  let best: Run | null = null;
  for (const constants of grid) {
    const run = follow(values, start, constants);
    if (best === null || run.error < best.error) best = run;
  }
  const { levels, trends, seasons } = best ?? follow(values, start, { level: 0.1, season: 0.01, trend: 0 });
  return {
    forecast: (seen, ahead) => {
      const reach = (DAMPING * (1 - DAMPING ** ahead)) / (1 - DAMPING);
      const cycle = Math.ceil(ahead / period);
      // seasons[i] is the season as it stood when value i - period had been seen.
      return (
        (levels[seen] ?? 0) + (trends[seen] ?? 0) * reach + (seasons[seen + ahead - 1 - (cycle - 1) * period] ?? 0)
      );
    },
  };
}

type Start = { level: number; seasons: number[] };
type Run = { levels: number[]; trends: number[]; seasons: number[]; error: number };

function startOf(values: readonly number[], period: number): Start {
  const first = values.slice(0, Math.max(2 * period, 10));
  const level = first.reduce((a, b) => a + b, 0) / Math.max(1, first.length);
  const { factors, multiplicative, period: found } = findSeasonality(values, period);
  const seasons = Array.from({ length: period }, (_, i) => {
    const factor = factors[i % found] ?? 0;
    return multiplicative ? (factor - 1) * level : factor;
  });
  return { level, seasons };
}

function follow(values: readonly number[], start: Start, constants: Constants): Run {
  const period = start.seasons.length;
  const levels = [start.level];
  const trends = [0];
  const seasons = [...start.seasons];
  let level = start.level;
  let trend = 0;
  let error = 0;
  for (let i = 0; i < values.length; i++) {
    const base = level + DAMPING * trend;
    const season = seasons[i] ?? 0;
    const surprise = (values[i] ?? 0) - base - season;
    error += surprise * surprise;
    level = base + constants.level * surprise;
    trend = DAMPING * trend + constants.trend * surprise;
    levels.push(level);
    trends.push(trend);
    seasons[i + period] = season + constants.season * surprise;
  }
  return { levels, trends, seasons, error };
}
