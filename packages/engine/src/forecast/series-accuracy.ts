/** Symmetric mean absolute percentage error, in percent: mean of 200·|y − f| / (|y| + |f|). Makridakis & Hibon (2000). */
export function smape(actual: readonly (number | null)[], forecast: readonly number[]): number {
  return meanOverKnown(actual, (value, i) => {
    const size = Math.abs(value) + Math.abs(forecast[i] ?? 0);
    return size > 0 ? (200 * Math.abs(value - (forecast[i] ?? 0))) / size : 0;
  });
}

/** Mean absolute scaled error: the mean error over that of the seasonal naive in training. Hyndman & Koehler (2006). */
export function mase(actual: readonly (number | null)[], forecast: readonly number[], scale: number): number {
  return meanOverKnown(actual, (value, i) => Math.abs(value - (forecast[i] ?? 0)) / scale);
}

/** Mean scaled interval score: width, and 2/α times what lies outside, over the scale. Makridakis et al., M4 (2020). */
export function msis(
  actual: readonly (number | null)[],
  interval: { low: readonly number[]; high: readonly number[]; level: number },
  scale: number,
): number {
  const penalty = 2 / (1 - interval.level);
  return meanOverKnown(actual, (value, i) => {
    const low = interval.low[i] ?? 0;
    const high = interval.high[i] ?? 0;
    return (high - low + penalty * (Math.max(0, low - value) + Math.max(0, value - high))) / scale;
  });
}

/** The mean |y(t) − y(t − period)| over pairs both known: the scale of MASE and MSIS. */
export function naiveScale(training: readonly (number | null)[], period: number): number {
  let sum = 0;
  let pairs = 0;
  for (let i = period; i < training.length; i++) {
    const now = training[i];
    const before = training[i - period];
    if (now === null || now === undefined || before === null || before === undefined) continue;
    sum += Math.abs(now - before);
    pairs++;
  }
  return pairs > 0 ? sum / pairs : Number.NaN;
}

function meanOverKnown(actual: readonly (number | null)[], errorOf: (value: number, i: number) => number): number {
  let sum = 0;
  let known = 0;
  actual.forEach((value, i) => {
    if (value === null) return;
    sum += errorOf(value, i);
    known++;
  });
  return known > 0 ? sum / known : Number.NaN;
}
