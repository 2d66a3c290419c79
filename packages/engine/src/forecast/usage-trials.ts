import { type DailyUsage, usageBetween } from "./daily-usage.ts";
import { presenceFacts, type PresenceFacts } from "./usage-presence.ts";

/** One look back: what was known on a day, and what the next `daysAhead` days then brought. */
export type UsageTrial = { usage: DailyUsage; facts: PresenceFacts; today: number; daysAhead: number; outcome: number };

/** At most this many looks back over all customers, spread evenly, so that learning stays quick. */
const MOST_TRIALS = 1500;

/** Looks back every `daysAhead` days (5 at least) in each history, from a customer's first days on. */
export function usageTrials(histories: readonly DailyUsage[], daysAhead: number, emptyDay: number): UsageTrial[] {
  const step = Math.max(5, daysAhead);
  const moments = histories.flatMap((usage) =>
    Array.from({ length: Math.max(0, Math.floor((usage.values.length - daysAhead - 1) / step)) }, (_, i) => ({
      usage,
      days: usage.values.length - daysAhead - i * step,
    })),
  );
  const stride = Math.max(1, Math.ceil(moments.length / MOST_TRIALS));
  const trials: UsageTrial[] = [];
  for (let i = 0; i < moments.length; i += stride) {
    const moment = moments[i];
    if (moment === undefined) continue;
    const { usage, days } = moment;
    const facts = presenceFacts(usage, days, emptyDay);
    const today = usage.firstDay + days - 1;
    // Absences are `presence`'s to explain; here only the amounts of customers in use are learnt.
    if (facts.firstUse < 0 || facts.trailingEmpty > facts.quietAfter) continue;
    trials.push({ usage, facts, today, daysAhead, outcome: usageBetween(usage, today + 1, today + daysAhead) });
  }
  return trials;
}
