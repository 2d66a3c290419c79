import type { Tariffs } from "@rapport/contract/pack-file";

import type { Facts } from "../condition/index.ts";
import { forecastRestOfCycle, probabilityAbove, type UsageForecast, type UsagePrior } from "../forecast/index.ts";
import { type Option, type Plan, priceOptions, type UsageForecast as Foreseen } from "../offer/index.ts";
import type { Profile } from "../profile/index.ts";
import { dailyUsageOf, dayOf, monthOf, startOf } from "./daily-usage-of.ts";

const DAY_MS = 86_400_000;

/** What forecasts have learned of everybody, by feature. */
export type Priors = Readonly<Record<string, UsagePrior>>;

export type UsageKind = "mb" | "minutes" | "messages";

/** Everything foreseen of one customer's usage and costs: for decisions, and for the screen. */
export type UsageOutlook = {
  plan: Plan;
  forecasts: Partial<Record<UsageKind, UsageForecast>>;
  /** Data bought on top for the running month. */
  boughtMb: number;
  options: Option[];
};

/**
 * Foresees the running calendar month and the one after it by each kind of usage, and prices what the customer can do.
 * Null when the customer has no plan that the tariffs know, or when nothing has been learned yet.
 */
export function usageOutlook(profile: Profile, now: number, tariffs: Tariffs, priors: Priors): UsageOutlook | null {
  const plan = tariffs.plans.find((one) => one.name === profile.traits[tariffs.planTrait]?.value);
  if (!plan) return null;
  const today = dayOf(now);
  const cycle = { ...monthOf(today), todayElapsed: now / DAY_MS - today };
  const startedOn = startOf(profile);
  const forecasts: UsageOutlook["forecasts"] = {};
  const laterForecasts: Foreseen = {};
  for (const [kind, feature] of Object.entries(tariffs.usage) as [UsageKind, string][]) {
    const prior = priors[feature];
    if (!prior) continue;
    const usage = dailyUsageOf(profile.features[feature], startedOn, today);
    forecasts[kind] = forecastRestOfCycle(usage, cycle, today, prior);
    laterForecasts[kind] = forecastRestOfCycle(
      usage,
      { ...monthOf(today, 1), todayElapsed: cycle.todayElapsed },
      today,
      prior,
    );
  }
  if (!forecasts.mb) return null;
  const { plans, topUps, futureCycles } = tariffs;
  const bought = boughtIn(monthOf(today), profile, tariffs);
  const beyondBought = { ...forecasts, mb: lowered(forecasts.mb, bought) };
  const options = priceOptions({ plan, plans, topUps, forecasts: beyondBought, laterForecasts, futureCycles });
  return { plan, forecasts, boughtMb: bought, options };
}

function boughtIn(month: { firstDay: number; lastDay: number }, profile: Profile, tariffs: Tariffs): number {
  const state = tariffs.topUpMb === undefined ? undefined : profile.features[tariffs.topUpMb];
  const sum = state?.kind === "buckets" ? state.sum : {};
  return Object.entries(sum).reduce(
    (total, [day, mb]) => (Number(day) >= month.firstDay && Number(day) <= month.lastDay ? total + mb : total),
    0,
  );
}

/** What is bought already is used first: to the plan it is as if so much less were used. */
function lowered(forecast: UsageForecast, by: number): UsageForecast {
  const less = (value: number) => Math.max(0, value - by);
  return {
    ...forecast,
    median: less(forecast.median),
    mean: less(forecast.mean),
    quantiles: forecast.quantiles.map(less),
  };
}

/** The same as conditions and templates see it: `forecast.mb.median`, `forecast.mb.probabilityOver`, `forecast.daysLeft`, … */
export function outlookFacts(
  profile: Profile,
  now: number,
  tariffs: Tariffs,
  priors: Priors,
): { forecast: Facts; options: readonly Option[] } {
  const outlook = usageOutlook(profile, now, tariffs, priors);
  if (!outlook) return { forecast: {}, options: [] };
  const { name: plan, monthlyPay } = outlook.plan;
  const forecast: Record<string, unknown> = { plan, monthlyPay, daysLeft: outlook.forecasts.mb?.daysLeft ?? 0 };
  for (const [kind, one] of Object.entries(outlook.forecasts) as [UsageKind, UsageForecast][]) {
    const allowance = outlook.plan.included[kind] + (kind === "mb" ? outlook.boughtMb : 0);
    const { median, mean, low80, high80, soFar } = one;
    forecast[kind] = {
      median,
      mean,
      low80,
      high80,
      soFar,
      allowance,
      probabilityOver: probabilityAbove(one, allowance),
    };
  }
  return { forecast, options: outlook.options };
}
