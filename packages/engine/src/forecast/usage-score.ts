/**
 * A gamma distribution's value for a normal score and back, by Wilson & Hilferty's cube root (1931); closed, so a
 * forecast costs microseconds, and off by less than the calibration corrects.
 */
export type GammaShape = { mean: number; shape: number };

/** The gamma of a sum of `days` (weighted) days at a believed rate: the noise of days, and the doubt of the rate. */
export function gammaOfDays(dailyRate: number, worthDays: number, days: number, dispersion: number): GammaShape {
  const mean = dailyRate * days;
  const variance = dispersion * mean * (1 + days / worthDays);
  return { mean, shape: variance > 0 ? (mean * mean) / variance : 0 };
}

export function valueOfScore(score: number, { mean, shape }: GammaShape): number {
  if (shape <= 0) return 0;
  const root = 1 - 1 / (9 * shape) + score / (3 * Math.sqrt(shape));
  return root <= 0 ? 0 : mean * root ** 3;
}

export function scoreOfValue(value: number, { mean, shape }: GammaShape): number {
  return 3 * Math.sqrt(shape) * (Math.cbrt(value / mean) - 1 + 1 / (9 * shape));
}
