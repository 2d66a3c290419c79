import { type DailyUsage, weekdayOf } from "./daily-usage.ts";
import type { PresenceFacts } from "./usage-presence.ts";
import type { UsagePrior } from "./usage-prior.ts";

/** A customer's daily rate as now believed, and how many days of history that belief is worth. */
export type RateBelief = { dailyRate: number; worthDays: number };

/** What the rate is learnt with. */
export type RateModel = Pick<UsagePrior, "dailyMean" | "priorDays" | "retention" | "weekday">;

/**
 * Posterior rate of a customer in use: own days, weighted by memory and weekday, beside `priorDays` days of the
 * population's mean. The day of first use is left out (it is there because it is not empty), absences too.
 */
export function believeRate(usage: DailyUsage, facts: PresenceFacts, model: RateModel): RateBelief {
  let amount = 0;
  let exposure = 0;
  if (facts.firstUse >= 0) {
    let emptyRun = 0;
    let weekday = weekdayOf(usage.firstDay + facts.firstUse);
    for (let i = facts.firstUse + 1; i < facts.days; i++) {
      weekday = weekday === 6 ? 0 : weekday + 1;
      const value = usage.values[i] ?? 0;
      emptyRun = value > 0 ? 0 : emptyRun + 1;
      if (emptyRun > facts.quietAfter) continue;
      amount = amount * model.retention + value;
      exposure = exposure * model.retention + (model.weekday[weekday] ?? 1);
    }
  }
  const worthDays = model.priorDays + exposure;
  return { dailyRate: (model.priorDays * model.dailyMean + amount) / worthDays, worthDays };
}

/** The sum of the weekday weights from `from` to `to`, both included. */
export function weightBetween(weekday: readonly number[], from: number, to: number): number {
  let total = 0;
  for (let day = from; day <= to; day++) total += weekday[weekdayOf(day)] ?? 1;
  return total;
}
