import type { Tariffs } from "@rapport/contract/pack-file";

import type { Facts } from "../condition/index.ts";
import { forecastRestOfCycle, probabilityAbove, type UsageForecast, type UsagePrior } from "../forecast/index.ts";
import { type Option, type Plan, priceOptions, type UsageForecast as Foreseen } from "../offer/index.ts";
import type { Profile } from "../profile/index.ts";
import { dailyUsageOf, dayOf, monthOf, startOf } from "./daily-usage-of.ts";

/** What forecasts have learned of everybody, by feature. */
export type Priors = Readonly<Record<string, UsagePrior>>;

export type UsageKind = "mb" | "minutes" | "messages";

/** Everything foreseen of one customer's usage and costs: for decisions, and for the screen. */
export type UsageOutlook = {
  plan: Plan;
  forecasts: Partial<Record<UsageKind, UsageForecast>>;
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
  const startedOn = startOf(profile);
  const forecasts: UsageOutlook["forecasts"] = {};
  const laterForecasts: Foreseen = {};
  for (const [kind, feature] of Object.entries(tariffs.usage) as [UsageKind, string][]) {
    const prior = priors[feature];
    if (!prior) continue;
    const usage = dailyUsageOf(profile.features[feature], startedOn, today);
    forecasts[kind] = forecastRestOfCycle(usage, monthOf(today), today, prior);
    laterForecasts[kind] = forecastRestOfCycle(usage, monthOf(today, 1), today, prior);
  }
  if (!forecasts.mb) return null;
  const { plans, topUps, futureCycles } = tariffs;
  return { plan, forecasts, options: priceOptions({ plan, plans, topUps, forecasts, laterForecasts, futureCycles }) };
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
  const forecast: Record<string, unknown> = { plan: outlook.plan.name, daysLeft: outlook.forecasts.mb?.daysLeft ?? 0 };
  for (const [kind, one] of Object.entries(outlook.forecasts) as [UsageKind, UsageForecast][]) {
    const allowance = outlook.plan.included[kind];
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
