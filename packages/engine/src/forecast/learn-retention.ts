import type { DailyUsage } from "./daily-usage.ts";
import type { Rates } from "./learn-rates.ts";
import type { Presence } from "./usage-prior.ts";
import { believeRate, weightBetween } from "./usage-rate.ts";
import { usageTrials } from "./usage-trials.ts";

const CANDIDATES: readonly number[] = [1, 0.995, 0.99, 0.98, 0.965, 0.94];
const DAYS_AHEAD = 14;

/** How long a day is remembered: the candidate whose forecasts of the next fortnight erred least (squares per mean). */
export function learnRetention(histories: readonly DailyUsage[], presence: Presence, rates: Rates): number {
  const trials = usageTrials(histories, DAYS_AHEAD, presence.emptyDay).filter(({ outcome }) => outcome > 0);
  let best = { retention: 1, loss: Number.POSITIVE_INFINITY };
  for (const retention of CANDIDATES) {
    let loss = 0;
    for (const { usage, facts, today, outcome } of trials) {
      const weight = weightBetween(rates.weekday, today + 1, today + DAYS_AHEAD);
      const expected = believeRate(usage, facts, { ...rates, retention }).dailyRate * weight;
      loss += (outcome - expected) ** 2 / (expected + rates.dailyMean);
    }
    // A shorter memory must earn its place: within half a percent the longer one, tried first, is kept.
    if (loss < best.loss * 0.995) best = { retention, loss };
  }
  return best.retention;
}
