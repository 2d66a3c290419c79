import type { Forecast } from "@rapport/contract/api";

/** A forecast laid out by day of the cycle; null where a line says nothing of a day. `band` is high above `low`; all are divided by `scale`. */
export function forecastSeries({ soFar, ahead, lastCycle }: Forecast, scale: number) {
  const of = (value: number | undefined) => (value === undefined ? null : value / scale);
  const last = soFar.at(-1);
  const length = Math.max(last?.day ?? 0, ahead.at(-1)?.day ?? 0);
  const days = Array.from({ length }, (_, index) => index + 1);
  const totals = new Map(soFar.map(({ day, total }) => [day, total]));
  const before = new Map(lastCycle.map(({ day, total }) => [day, total]));
  // The lines ahead begin where the one so far ends, so that the picture has no gap.
  const coming = new Map(ahead.map((one) => [one.day, one]));
  if (last) coming.set(last.day, { day: last.day, median: last.total, low: last.total, high: last.total });
  return {
    days,
    soFar: days.map((day) => of(totals.get(day))),
    median: days.map((day) => of(coming.get(day)?.median)),
    low: days.map((day) => of(coming.get(day)?.low)),
    band: days.map((day) => {
      const one = coming.get(day);
      return one ? of(one.high - one.low) : null;
    }),
    lastCycle: days.map((day) => of(before.get(day))),
  };
}

/** Megabytes are drawn as gigabytes where there are many, so that the axis has round figures. */
export function scaleOf({ unit, high80, allowance }: Forecast): number {
  return unit === "MB" && Math.max(high80, allowance ?? 0) >= 1_024 ? 1_024 : 1;
}
