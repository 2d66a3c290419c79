import type { Cycle, DailyUsage } from "../forecast/index.ts";
import type { FeatureState, Profile } from "../profile/index.ts";

const DAY_MS = 86_400_000;

/** A daily feature's buckets as the dense history that forecasts read, from the customer's first day to `today`. */
export function dailyUsageOf(state: FeatureState | undefined, startedOn: number, today: number): DailyUsage {
  const sum = state?.kind === "buckets" ? state.sum : {};
  const days = Object.keys(sum).map(Number);
  const firstDay = days.length > 0 ? Math.min(startedOn, ...days) : startedOn;
  const values = new Array<number>(Math.max(0, today - firstDay + 1)).fill(0);
  for (const day of days) if (day - firstDay < values.length) values[day - firstDay] = Math.max(0, sum[day] ?? 0);
  return { firstDay, values };
}

/** The day service began: the trait `registered` (ISO date) where it is known, else when the customer was first seen. */
export function startOf(profile: Profile): number {
  const stated = profile.traits.registered?.value;
  const at = typeof stated === "string" ? Date.parse(stated) : Number.NaN;
  return Math.floor((Number.isFinite(at) ? at : profile.firstSeenAt) / DAY_MS);
}

export const dayOf = (at: number): number => Math.floor(at / DAY_MS);

/** The calendar month that a day lies in, and those after it by number. */
export function monthOf(day: number, later = 0): Cycle {
  const date = new Date(day * DAY_MS);
  const month = (shift: number) => Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + shift, 1) / DAY_MS;
  return { firstDay: month(later), lastDay: month(later + 1) - 1 };
}
