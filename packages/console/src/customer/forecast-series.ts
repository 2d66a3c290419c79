import type { Forecast } from "@rapport/contract/api";

/** A forecast laid out by day of the cycle; null where a line says nothing of a day. `band` is high above `low`. */
export function forecastSeries({ soFar, ahead, lastCycle }: Forecast) {
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
    soFar: days.map((day) => totals.get(day) ?? null),
    median: days.map((day) => coming.get(day)?.median ?? null),
    low: days.map((day) => coming.get(day)?.low ?? null),
    band: days.map((day) => {
      const one = coming.get(day);
      return one ? one.high - one.low : null;
    }),
    lastCycle: days.map((day) => before.get(day) ?? null),
  };
}
