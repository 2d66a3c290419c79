/**
 * What a customer used, day by day: `values[i]` is the usage of epoch day `firstDay + i` (days since 1970-01-01 in
 * the customer's zone). Dense, zeros included; starts on the day of registration. Any unit, never negative.
 * `endsOn` is the last day of service, where one was announced.
 */
export type DailyUsage = { firstDay: number; values: readonly number[]; endsOn?: number };

/**
 * A billing cycle by its first and last epoch day, both included. `todayElapsed`, 0 to 1, says how much of the day of
 * the forecast is over, where its usage is not yet known in full.
 */
export type Cycle = { firstDay: number; lastDay: number; todayElapsed?: number };

/** The usage from `from` to `to`, both included; days outside the history count as nothing. */
export function usageBetween(usage: DailyUsage, from: number, to: number): number {
  const end = Math.min(usage.values.length - 1, to - usage.firstDay);
  let total = 0;
  for (let i = Math.max(0, from - usage.firstDay); i <= end; i++) total += usage.values[i] ?? 0;
  return total;
}

/** The same usage as it was known at the end of `day`: nothing later remains. */
export function usageUntil(usage: DailyUsage, day: number): DailyUsage {
  const known = { firstDay: usage.firstDay, values: usage.values.slice(0, Math.max(0, day - usage.firstDay + 1)) };
  return usage.endsOn !== undefined && usage.endsOn <= day ? { ...known, endsOn: usage.endsOn } : known;
}

/** The last day of service as believed at the end of `day`; none announced, or use after it, is no end (`null`). */
export function serviceEnd(usage: DailyUsage, day: number): number | null {
  if (usage.endsOn === undefined) return null;
  return usageBetween(usage, usage.endsOn + 1, day) > 0 ? null : usage.endsOn;
}

/** 0 for Monday to 6 for Sunday (1970-01-01 was a Thursday). */
export function weekdayOf(epochDay: number): number {
  return (((epochDay + 3) % 7) + 7) % 7;
}
