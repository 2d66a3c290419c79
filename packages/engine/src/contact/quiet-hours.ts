import type { ContactChannel, Purpose } from "../profile/profile.ts";
import type { QuietHours } from "./contact-policy.ts";
import { NEVER, nextTimeOfDay, timeOfDayMs } from "./zone.ts";

/**
 * The earliest moment ≥ `at` that is quiet for nobody: `at` itself when it is none of the quiet hours. With several
 * zones it must be outside the quiet hours in each of them. `NEVER` when they leave no moment in a fortnight.
 */
export function quietUntil(
  rules: readonly QuietHours[],
  purpose: Purpose,
  channel: ContactChannel,
  zone: string | readonly string[],
  at: number,
): number {
  const theirs = rules.filter(
    (rule) => rule.purposes.includes(purpose) && (rule.channels === null || rule.channels.includes(channel)),
  );
  if (theirs.length === 0) return at;
  const zones = typeof zone === "string" ? [zone] : zone;
  const horizon = at + 14 * 86_400_000;

  let moment = at;
  for (let moved = true; moved; ) {
    moved = false;
    for (const rule of theirs) {
      for (const one of zones) {
        while (isQuiet(rule, timeOfDayMs(one, moment))) {
          moment = nextTimeOfDay(one, moment, rule.toMs);
          moved = true;
          if (moment > horizon) return NEVER;
        }
      }
    }
  }
  return moment;
}

/** Half-open: at `fromMs` it is quiet, at `toMs` no longer. */
function isQuiet({ fromMs, toMs }: QuietHours, timeMs: number): boolean {
  return fromMs <= toMs ? timeMs >= fromMs && timeMs < toMs : timeMs >= fromMs || timeMs < toMs;
}
