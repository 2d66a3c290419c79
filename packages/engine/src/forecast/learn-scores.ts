import type { DailyUsage } from "./daily-usage.ts";
import { normalQuantile } from "./normal-distribution.ts";
import { DAYS_LEFT_BUCKETS, SCORE_LEVELS, type UsagePrior } from "./usage-prior.ts";
import { believeRate, weightBetween } from "./usage-rate.ts";
import { gammaOfDays, scoreOfValue } from "./usage-score.ts";
import { usageTrials } from "./usage-trials.ts";

/** The days ahead that stand for each bucket. */
const DAYS_AHEAD: readonly number[] = [3, 7, 12, 17, 25];
/** How many perfect forecasts the measured errors are mixed with, so that a few trials do not set an interval. */
const BELIEVED_TRIALS = 40;

/** For each bucket of days left, the quantiles of the errors that this prior's own forecasts would have made. */
export function learnScores(histories: readonly DailyUsage[], prior: UsagePrior): number[][] {
  return DAYS_LEFT_BUCKETS.map((_, bucket) => {
    const daysAhead = DAYS_AHEAD[bucket] ?? 7;
    const scores = believedScores();
    for (const { usage, facts, today, outcome } of usageTrials(histories, daysAhead, prior.presence.emptyDay)) {
      const belief = believeRate(usage, facts, prior);
      const weight = weightBetween(prior.weekday, today + 1, today + daysAhead);
      const rest = gammaOfDays(belief.dailyRate, belief.worthDays, weight, prior.dispersion);
      const stopped = outcome === 0 && facts.emptyShare ** daysAhead < 0.01;
      if (rest.shape > 0 && !stopped) scores.push(scoreOfValue(outcome, rest));
    }
    scores.sort((a, b) => a - b);
    return SCORE_LEVELS.map((level) => quantileOf(scores, level));
  });
}

function believedScores(): number[] {
  return Array.from({ length: BELIEVED_TRIALS }, (_, i) => normalQuantile((i + 0.5) / BELIEVED_TRIALS));
}

function quantileOf(ascending: readonly number[], level: number): number {
  const position = level * (ascending.length - 1);
  const below = Math.floor(position);
  const low = ascending[below] ?? 0;
  const high = ascending[below + 1] ?? low;
  return low + (high - low) * (position - below);
}
