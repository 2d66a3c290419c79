import { type DailyUsage, weekdayOf } from "./daily-usage.ts";
import { presenceFacts } from "./usage-presence.ts";
import type { Presence, UsagePrior } from "./usage-prior.ts";

/** The population's mean rate, how much customers differ, how noisy days are and how weekdays weigh. */
export type Rates = Pick<UsagePrior, "dailyMean" | "priorDays" | "dispersion" | "weekday">;

type Stretch = { firstDay: number; values: number[] };

/** A weekday's effect is believed by its square's share in itself and this many of its sampling variances. */
const WEEKDAY_DOUBT = 2;
/** Noise is measured within blocks of this many days, so that a slow drift of the rate does not count as noise. */
const BLOCK_DAYS = 28;

/** Learns by moments from the days in use. */
export function learnRates(histories: readonly DailyUsage[], presence: Presence): Rates {
  const stretches = histories.map((usage) => daysInUse(usage, presence)).filter(({ values }) => values.length > 0);
  const amount = sum(stretches.map(({ values }) => sum(values)));
  const days = sum(stretches.map(({ values }) => values.length));
  if (amount <= 0) return { dailyMean: 0, priorDays: 1, dispersion: 1, weekday: Array(7).fill(1) };

  const dispersion = learnDispersion(stretches);
  const weekday = learnWeekday(stretches, amount / days, dispersion);
  return { dispersion, weekday, ...learnSpread(stretches, dispersion) };
}

/** The days from the one after the first use to the last use, or to the end when the customer has not fallen silent. */
function daysInUse(usage: DailyUsage, presence: Presence): Stretch {
  const facts = presenceFacts(usage, usage.values.length, presence.emptyDay);
  if (facts.firstUse < 0) return { firstDay: usage.firstDay, values: [] };
  const end = facts.days - (facts.trailingEmpty > facts.quietAfter ? facts.trailingEmpty : 0);
  return { firstDay: usage.firstDay + facts.firstUse + 1, values: usage.values.slice(facts.firstUse + 1, end) };
}

function learnDispersion(stretches: readonly Stretch[]): number {
  let squares = 0;
  let expected = 0;
  for (const { values } of stretches) {
    for (let from = 0; from < values.length; from += BLOCK_DAYS) {
      const block = values.slice(from, from + BLOCK_DAYS);
      if (block.length < 2) continue;
      const mean = sum(block) / block.length;
      squares += sum(block.map((value) => (value - mean) ** 2));
      expected += (block.length - 1) * mean;
    }
  }
  return expected > 0 ? squares / expected : 1;
}

function learnWeekday(stretches: readonly Stretch[], dailyMean: number, dispersion: number): number[] {
  const used = Array<number>(7).fill(0);
  const expected = Array<number>(7).fill(0);
  for (const { firstDay, values } of stretches) {
    const own = sum(values) / values.length;
    for (let i = 0; i < values.length; i++) {
      const weekday = weekdayOf(firstDay + i);
      used[weekday] = (used[weekday] ?? 0) + (values[i] ?? 0);
      expected[weekday] = (expected[weekday] ?? 0) + own;
    }
  }
  const weights = used.map((amount, weekday) => {
    const base = expected[weekday] ?? 0;
    if (base <= 0) return 1;
    const effect = amount / base - 1;
    const doubt = (WEEKDAY_DOUBT * dispersion) / Math.max(base, dailyMean);
    const believed = (effect * effect) / (effect * effect + doubt);
    return 1 + believed * effect;
  });
  const mean = sum(weights) / 7;
  return weights.map((weight) => weight / mean);
}

/** The mean of customers' rates and, from their variance beyond the noise, how many days the prior is worth. */
function learnSpread(stretches: readonly Stretch[], dispersion: number): { dailyMean: number; priorDays: number } {
  const known = stretches.filter(({ values }) => values.length >= 7);
  const rates = (known.length >= 2 ? known : stretches).map(({ values }) => ({
    rate: sum(values) / values.length,
    days: values.length,
  }));
  const dailyMean = sum(rates.map(({ rate }) => rate)) / rates.length;
  const variance = sum(rates.map(({ rate }) => (rate - dailyMean) ** 2)) / Math.max(1, rates.length - 1);
  const noise = sum(rates.map(({ days }) => (dispersion * dailyMean) / days)) / rates.length;
  const between = Math.max(variance - noise, 0.01 * dailyMean * dailyMean);
  return { dailyMean, priorDays: Math.min(365, (dailyMean * dispersion) / between) };
}

function sum(values: readonly number[]): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
