/**
 * A series without gaps: a missing value becomes the mean of the nearest known values of its own season before and
 * after. A series that knows nothing is all zeros.
 */
export function fillGaps(values: readonly (number | null)[], period: number): number[] {
  return values.map(
    (value, i) => value ?? meanOf([nearest(values, i, -period), nearest(values, i, period)]) ?? anyKnown(values),
  );
}

function nearest(values: readonly (number | null)[], from: number, step: number): number | null {
  for (let i = from + step; i >= 0 && i < values.length; i += step) {
    const value = values[i];
    if (value !== null && value !== undefined) return value;
  }
  return null;
}

function meanOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length > 0 ? known.reduce((a, b) => a + b, 0) / known.length : null;
}

function anyKnown(values: readonly (number | null)[]): number {
  return meanOf(values) ?? 0;
}
