import type { Pulse } from "@rapport/contract/api";

const MINUTE = 60_000;

/** The sums of one minute, as the picture of the hour shows them. */
export type HourMinute = {
  at: number;
  events: number;
  acted: number;
  nothing: number;
  sent: number;
  delivered: number;
  answered: number;
};

/** Sixty minutes up to `now`, oldest first; a minute in which nothing happened is all zero. */
export function hourOf(minutes: Pulse["minutes"], now: number): HourMinute[] {
  const known = new Map(minutes.map(({ at, sums }) => [at, sums]));
  const last = Math.floor(now / MINUTE) * MINUTE;
  return Array.from({ length: 60 }, (_, index) => {
    const at = last - (59 - index) * MINUTE;
    const sums = known.get(at) ?? {};
    const events = Object.entries(sums).reduce(
      (sum, [metric, value]) => sum + (metric.startsWith("event.") ? value : 0),
      0,
    );
    const of = (metric: string) => sums[metric] ?? 0;
    return {
      at,
      events,
      acted: of("decision.act"),
      nothing: of("decision.nothing"),
      sent: of("message.sent"),
      delivered: of("message.delivered"),
      answered: of("message.answered"),
    };
  });
}
