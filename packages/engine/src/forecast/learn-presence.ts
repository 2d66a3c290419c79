import type { DailyUsage } from "./daily-usage.ts";
import { presenceFacts } from "./usage-presence.ts";
import { EARLY_DAYS, type Presence } from "./usage-prior.ts";

/** A chance from counts, with one day in a hundred believed beforehand, worth half a case. */
const chance = (cases: number, days: number) => Math.min(0.95, (cases + 0.5) / (days + 50));

/** Counts how customers start, stop and return. */
export function learnPresence(histories: readonly DailyUsage[]): Presence {
  const emptyDay = shareOfEmptyDays(histories);
  const count = { early: 0, earlyDays: 0, late: 0, lateDays: 0, stops: 0, useDays: 0, returns: 0, quietDays: 0 };
  for (const usage of histories) {
    const { firstUse, days, quietAfter } = presenceFacts(usage, usage.values.length, emptyDay);
    const idle = firstUse < 0 ? days : firstUse;
    count.earlyDays += Math.min(EARLY_DAYS, firstUse < 0 ? days : firstUse + 1);
    count.lateDays += Math.max(0, idle - EARLY_DAYS);
    if (firstUse < 0) continue;
    if (firstUse < EARLY_DAYS) count.early++;
    else count.late++;
    countAbsences(usage, firstUse, quietAfter, count);
  }
  return {
    startEarly: chance(count.early, count.earlyDays),
    startLate: chance(count.late, count.lateDays),
    stop: chance(count.stops, count.useDays),
    return: chance(count.returns, count.quietDays),
    emptyDay,
  };
}

type Counts = { stops: number; useDays: number; returns: number; quietDays: number };

function countAbsences(usage: DailyUsage, firstUse: number, quietAfter: number, count: Counts): void {
  let empty = 0;
  for (let i = firstUse; i < usage.values.length; i++) {
    if ((usage.values[i] ?? 0) > 0) {
      if (empty > quietAfter) count.returns++;
      empty = 0;
      count.useDays++;
      continue;
    }
    empty++;
    if (empty === quietAfter + 1) count.stops++;
    if (empty > quietAfter) count.quietDays++;
    else count.useDays++;
  }
}

/** The share of empty days between a customer's first and last use, over all customers. */
function shareOfEmptyDays(histories: readonly DailyUsage[]): number {
  let empty = 1;
  let days = 2;
  for (const { values } of histories) {
    const first = values.findIndex((value) => value > 0);
    const last = values.findLastIndex((value) => value > 0);
    for (let i = first + 1; i < last; i++) {
      days++;
      if (values[i] === 0) empty++;
    }
  }
  return Math.min(0.98, empty / days);
}
