import { type Cycle, type DailyUsage, serviceEnd, usageBetween } from "./daily-usage.ts";
import { FORECAST_LEVELS, type UsageForecast } from "./usage-forecast.ts";
import { bucketOf, SCORE_LEVELS, type UsagePrior } from "./usage-prior.ts";
import { presenceFacts, presenceOdds, type PresenceOdds } from "./usage-presence.ts";
import { believeRate, weightBetween } from "./usage-rate.ts";
import { gammaOfDays, type GammaShape, valueOfScore } from "./usage-score.ts";

/**
 * The cycle's total as it can be known at the end of `today` (an epoch day): what was used so far, and a predictive
 * distribution of the rest. Days after `today` in the history are not looked at. Same arguments, same answer. In the
 * course of a day say in the cycle how much of it has passed. `daysLeft` are the whole days after today.
 * The model is told at `UsagePrior`.
 */
export function forecastRestOfCycle(usage: DailyUsage, cycle: Cycle, today: number, prior: UsagePrior): UsageForecast {
  const soFar = usageBetween(usage, cycle.firstDay, Math.min(today, cycle.lastDay));
  const lastDay = Math.min(cycle.lastDay, serviceEnd(usage, today) ?? cycle.lastDay);
  const firstLeft = Math.max(today + 1, cycle.firstDay);
  const daysLeft = Math.max(0, lastDay - firstLeft + 1);
  const todayLeft = today >= cycle.firstDay && today <= lastDay ? 1 - (cycle.todayElapsed ?? 1) : 0;
  if (daysLeft + todayLeft === 0) return settled(soFar);

  const known = Math.max(0, Math.min(usage.values.length, today - usage.firstDay + 1));
  const facts = presenceFacts(usage, known, prior.presence.emptyDay);
  const belief = believeRate(usage, facts, prior);
  const weight =
    weightBetween(prior.weekday, firstLeft, lastDay) + todayLeft * weightBetween(prior.weekday, today, today);
  const rest = gammaOfDays(belief.dailyRate, belief.worthDays, weight, prior.dispersion);
  const odds = presenceOdds(facts, daysLeft + todayLeft, prior.presence);
  return spread({ soFar, daysLeft, rest, odds, scores: prior.scores[bucketOf(daysLeft)] ?? [] });
}

type Outlook = { soFar: number; daysLeft: number; rest: GammaShape; odds: PresenceOdds; scores: readonly number[] };

/** Mixes the three ways the rest may go into quantiles: nothing, a part (uniform up to the mean), or all days in use. */
function spread({ soFar, daysLeft, rest, odds, scores }: Outlook): UsageForecast {
  const amounts = [0];
  const chances = [odds.none];
  for (let i = 0; i < SCORE_LEVELS.length; i++) {
    const amount = valueOfScore(scores[i] ?? 0, rest);
    const chance = odds.none + odds.part * Math.min(1, amount / rest.mean) + odds.full * (SCORE_LEVELS[i] ?? 0);
    if (amount > (amounts[amounts.length - 1] ?? 0)) {
      amounts.push(amount);
      chances.push(chance);
    } else chances[chances.length - 1] = chance;
  }
  // The last hundredth has no end of its own: it reaches as far again as the hundredth level lies above the median.
  amounts.push(2 * (amounts[amounts.length - 1] ?? 0) - valueOfScore(scores[SCORE_LEVELS.length >> 1] ?? 0, rest));
  chances.push(1);

  const quantiles = quantilesOf(amounts, chances).map((amount) => soFar + amount);
  const at = (level: number) => quantiles[Math.round(level * (FORECAST_LEVELS.length + 1)) - 1] ?? soFar;
  const mean = soFar + odds.part * (rest.mean / 2) + odds.full * rest.mean;
  return {
    median: at(0.5),
    mean,
    low80: at(0.1),
    high80: at(0.9),
    low90: at(0.05),
    high90: at(0.95),
    quantiles,
    soFar,
    daysLeft,
  };
}

/** The amounts at `FORECAST_LEVELS`, between the given points by straight lines. */
function quantilesOf(amounts: readonly number[], chances: readonly number[]): number[] {
  let upper = 0;
  return FORECAST_LEVELS.map((level) => {
    while (upper < chances.length - 1 && (chances[upper] ?? 1) < level) upper++;
    if (upper === 0) return 0;
    const low = chances[upper - 1] ?? 0;
    const high = chances[upper] ?? 1;
    const from = amounts[upper - 1] ?? 0;
    const step = (amounts[upper] ?? 0) - from;
    return high > low ? from + (step * (level - low)) / (high - low) : from + step;
  });
}

function settled(total: number): UsageForecast {
  const quantiles = FORECAST_LEVELS.map(() => total);
  return {
    median: total,
    mean: total,
    low80: total,
    high80: total,
    low90: total,
    high90: total,
    quantiles,
    soFar: total,
    daysLeft: 0,
  };
}
