/** A year of whole weeks, so that weekdays meet. */
const YEAR_DAYS = 364;
const HALF_WINDOW_DAYS = 14;
const BASE_DAYS = 56;
/** How much of last year's swing is expected again: one year alone is as much chance as season. */
const TRUST = 0.5;

/**
 * For daily series of more than a year: by what factor the level of each day ahead stood, a year before, above the
 * eight weeks that led to it; the square root of it is taken as this year's. All 1 where a year is not known.
 * `levels` is the series without its weekly season.
 */
export function yearEcho(levels: readonly number[], horizon: number): number[] {
  const yearAgo = levels.length - YEAR_DAYS;
  const base = yearAgo >= BASE_DAYS ? meanOf(levels, yearAgo - BASE_DAYS, yearAgo) : 0;
  return Array.from({ length: horizon }, (_, i) => {
    if (base <= 0 || i >= YEAR_DAYS - HALF_WINDOW_DAYS) return 1;
    const then = meanOf(levels, yearAgo + i - HALF_WINDOW_DAYS, yearAgo + i + HALF_WINDOW_DAYS + 1);
    return then > 0 ? (then / base) ** TRUST : 1;
  });
}

function meanOf(values: readonly number[], from: number, to: number): number {
  const window = values.slice(Math.max(0, from), to);
  return window.reduce((a, b) => a + b, 0) / Math.max(1, window.length);
}
