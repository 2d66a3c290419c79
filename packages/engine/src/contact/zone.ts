const DAY_MS = 86_400_000;

/** A moment that never comes: the last one there is (ECMA-262), as infinity does not survive JSON. */
export const NEVER = 8_640_000_000_000_000;

/** A stretch of time with one offset from UTC: `[from, until)`, epoch milliseconds. */
type Stretch = { from: number; until: number; offsetMs: number };

const stretches = new Map<string, Stretch[]>();

/**
 * The offset of an IANA zone at a moment and the moments between which it holds. Temporal is asked once a stretch
 * (half a year, as a rule); the answers are kept, which changes no answer.
 */
export function offsetAt(zone: string, at: number): Stretch {
  let known = stretches.get(zone);
  if (!known) {
    known = [];
    stretches.set(zone, known);
  }
  for (const stretch of known) if (at >= stretch.from && at < stretch.until) return stretch;

  const moment = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
  const next = moment.getTimeZoneTransition("next")?.epochMilliseconds ?? Number.POSITIVE_INFINITY;
  // "previous" is before the moment itself, so a moment that is a transition begins its own stretch.
  const previous = moment.add({ milliseconds: 1 }).getTimeZoneTransition("previous");
  const from = previous?.epochMilliseconds ?? Number.NEGATIVE_INFINITY;
  const stretch = { from, until: next, offsetMs: moment.offsetNanoseconds / 1e6 };
  known.unshift(stretch);
  return stretch;
}

/** The zone to tell a customer's hour by, when it may be one of several. */
export function homeZone(zone: string | readonly string[]): string {
  return typeof zone === "string" ? zone : (zone[0] ?? "UTC");
}

/** Milliseconds after midnight on the customer's wall clock. */
export function timeOfDayMs(zone: string, at: number): number {
  const local = (at + offsetAt(zone, at).offsetMs) % DAY_MS;
  return local < 0 ? local + DAY_MS : local;
}

/** Is it a name that Temporal knows? */
export function isZone(zone: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** The earliest moment after `at` when the clock in `zone` shows `timeMs`, or would, had it not been put forward. */
export function nextTimeOfDay(zone: string, at: number, timeMs: number): number {
  const { until } = offsetAt(zone, at);
  const wait = (timeMs - timeOfDayMs(zone, at) + DAY_MS) % DAY_MS;
  const then = at + (wait === 0 ? DAY_MS : wait);
  // Over a change of the clock the sum is not right any more: stop there and count from it.
  return Math.min(then, until);
}
