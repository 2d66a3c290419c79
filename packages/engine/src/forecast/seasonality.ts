/** The seasonal part of a series: `factor(i)` belongs to observation i, also beyond the end. */
export type Seasonality = { period: number; multiplicative: boolean; factors: readonly number[] };

const NONE: Seasonality = { period: 1, multiplicative: false, factors: [0] };

/**
 * Finds the seasonal part by classical decomposition (ratio or difference to the centred moving average), if the
 * autocorrelation at the period is beyond chance at 90 % by Bartlett's formula; else there is none. Multiplicative
 * where all values are above zero. Source: Makridakis & Hibon (2000), the M3 competition's rule.
 */
export function findSeasonality(values: readonly number[], period: number): Seasonality {
  if (period < 2 || values.length < 2 * period + 2 || !isSeasonal(values, period)) return NONE;
  const multiplicative = values.every((value) => value > 0);
  const trend = movingAverage(values, period);
  const gathered: number[][] = Array.from({ length: period }, () => []);
  trend.forEach((level, i) => {
    const value = values[i] ?? 0;
    if (level !== null) gathered[i % period]?.push(multiplicative ? value / level : value - level);
  });
  const raw = gathered.map(mean);
  const centre = mean(raw);
  return { period, multiplicative, factors: raw.map((factor) => (multiplicative ? factor / centre : factor - centre)) };
}

export function withoutSeason(value: number, i: number, { multiplicative, factors, period }: Seasonality): number {
  const factor = factors[i % period] ?? 0;
  return multiplicative ? value / factor : value - factor;
}

export function withSeason(value: number, i: number, { multiplicative, factors, period }: Seasonality): number {
  const factor = factors[i % period] ?? 0;
  return multiplicative ? value * factor : value + factor;
}

/** The first of the periods with the strongest autocorrelation beyond chance, or 1. */
export function detectPeriod(values: readonly number[], candidates: readonly number[]): number {
  const strengths = candidates
    .filter((period) => period > 1 && values.length >= 3 * period && isSeasonal(values, period))
    .map((period) => ({ period, strength: autocorrelations(values, period)[period] ?? 0 }));
  return strengths.reduce((best, one) => (one.strength > best.strength ? one : best), { period: 1, strength: 0 })
    .period;
}

function isSeasonal(values: readonly number[], period: number): boolean {
  const correlations = autocorrelations(values, period);
  const squares = correlations.slice(1, period).reduce((sum, r) => sum + r * r, 0);
  return Math.abs(correlations[period] ?? 0) > 1.645 * Math.sqrt((1 + 2 * squares) / values.length);
}

function autocorrelations(values: readonly number[], lags: number): number[] {
  const centre = mean(values);
  const swings = values.map((value) => value - centre);
  const variance = swings.reduce((sum, swing) => sum + swing * swing, 0);
  return Array.from({ length: lags + 1 }, (_, lag) => {
    let covariance = 0;
    for (let i = lag; i < swings.length; i++) covariance += (swings[i] ?? 0) * (swings[i - lag] ?? 0);
    return variance > 0 ? covariance / variance : 0;
  });
}

/** Centred over one period (two halves at the ends where the period is even); null where it does not reach. */
function movingAverage(values: readonly number[], period: number): (number | null)[] {
  const half = period >> 1;
  return values.map((_, i) => {
    if (i < half || i + half >= values.length) return null;
    let sum = 0;
    for (let j = i - half; j <= i + half; j++) {
      const isHalf = period % 2 === 0 && (j === i - half || j === i + half);
      sum += (values[j] ?? 0) * (isHalf ? 0.5 : 1);
    }
    return sum / period;
  });
}

function mean(values: readonly number[]): number {
  return values.length > 0 ? values.reduce((a, b) => a + b, 0) / values.length : 0;
}
