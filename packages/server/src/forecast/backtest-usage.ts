import {
  type Cycle,
  type DailyUsage,
  forecastRestOfCycle,
  learnUsagePrior,
  probabilityAbove,
  serviceEnd,
  type UsageForecast,
  type UsagePrior,
  usageBetween,
  usageUntil,
} from "@rapport/engine/forecast/index";

import { type Measure, MEASURES, readSubscribers, type Subscriber, type Subscribers } from "./read-subscribers.ts";
import {
  type AlertScores,
  type DayScores,
  type MonthWatch,
  type Outlook,
  scoreAlerts,
  scoreDay,
} from "./score-usage.ts";

export type UsageBacktestOptions = {
  /** Days of the month at whose end a forecast is made. */
  days?: readonly number[];
  /** An alert is given when the chance of passing the allowance is at least this. */
  threshold?: number;
};

/** Scores over the subscriber-months with `months` before: at least part of one, or a whole one. */
export type PopulationScores = { months: "any" | "whole"; days: DayScores[]; alerts: AlertScores };
export type MeasureScores = { measure: Measure; populations: PopulationScores[] };
export type UsageBacktest = { subscribers: number; threshold: number; measures: MeasureScores[] };

export const FORECAST_DAYS: readonly number[] = [5, 10, 15, 20];

/**
 * Forecasts every subscriber-month of a folder as it would have been forecast then, and scores it against what came.
 * On day D of a month nothing later than D is known, of anyone: the prior is learnt anew for each day in `days`
 * (and on the eve of the month) from histories cut there. For `readSubscribers`' errors see there.
 */
export async function backtestUsage(folder: string, options: UsageBacktestOptions = {}): Promise<UsageBacktest> {
  const known = await readSubscribers(folder);
  const days = options.days ?? FORECAST_DAYS;
  const threshold = options.threshold ?? 0.5;
  return {
    subscribers: known.subscribers.length,
    threshold,
    measures: MEASURES.map((measure) => backtestMeasure(measure, known, { days, threshold })),
  };
}

type Look = { days: readonly number[]; threshold: number };

function backtestMeasure(measure: Measure, known: Subscribers, look: Look): MeasureScores {
  const watches = monthsWithin(known).flatMap((month) => watchMonth(measure, known.subscribers, month, look));
  const scores = (months: "any" | "whole", among: MonthWatch[]): PopulationScores => ({
    months,
    days: look.days.map((day) =>
      scoreDay(
        day,
        among.flatMap(({ outlooks }) => outlooks.get(day) ?? []),
        look.threshold,
      ),
    ),
    alerts: scoreAlerts(among, look.threshold),
  });
  return {
    measure,
    populations: [
      scores("any", watches),
      scores(
        "whole",
        watches.filter(({ wholeMonthBefore }) => wholeMonthBefore),
      ),
    ],
  };
}

/** The calendar months that the data covers to their end, but for the first, which has none before it. */
function monthsWithin({ firstDay, lastDay }: Subscribers): (Cycle & { previousFirstDay: number })[] {
  const months = [];
  const date = new Date(firstDay * 86_400_000);
  const startOf = (offset: number) => Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + offset, 1) / 86_400_000;
  for (let offset = 1; startOf(offset + 1) - 1 <= lastDay; offset++) {
    months.push({ previousFirstDay: startOf(offset - 1), firstDay: startOf(offset), lastDay: startOf(offset + 1) - 1 });
  }
  return months;
}

function watchMonth(
  measure: Measure,
  subscribers: readonly Subscriber[],
  month: Cycle & { previousFirstDay: number },
  look: Look,
): MonthWatch[] {
  const priors = new Map(
    [0, ...look.days].map((day) => [day, priorAt(measure, subscribers, month.firstDay + day - 1)]),
  );
  return subscribers
    .filter(({ usage }) => usage[measure].firstDay < month.firstDay && !hasLeft(usage[measure], month.firstDay))
    .map((subscriber) => watchSubscriber(subscriber, measure, month, priors));
}

function hasLeft(usage: DailyUsage, day: number): boolean {
  const end = serviceEnd(usage, day - 1);
  return end !== null && end < day;
}

function priorAt(measure: Measure, subscribers: readonly Subscriber[], day: number): UsagePrior {
  return learnUsagePrior(
    subscribers.map(({ usage }) => usageUntil(usage[measure], day)).filter(({ values }) => values.length > 0),
  );
}

/** Follows one subscriber through a month, day by day. */
function watchSubscriber(
  { usage: usages, allowance: allowances }: Subscriber,
  measure: Measure,
  month: Cycle & { previousFirstDay: number },
  priors: ReadonlyMap<number, UsagePrior>,
): MonthWatch {
  const usage = usages[measure];
  const allowance = allowances[measure];
  const total = usageBetween(usage, month.firstDay, month.lastDay);
  const lastMonth = usageBetween(usage, month.previousFirstDay, month.firstDay - 1);
  const outlooks = new Map<number, Outlook>();
  let prior = priors.get(0) ?? learnUsagePrior([]);
  let crossedOn: number | null = null;
  for (let day = 1; day <= month.lastDay - month.firstDay + 1; day++) {
    prior = priors.get(day) ?? prior;
    const today = month.firstDay + day - 1;
    const forecast = forecastRestOfCycle(usageUntil(usage, today), month, today, prior);
    outlooks.set(day, {
      total,
      allowance,
      forecast,
      exceeds: probabilityAbove(forecast, allowance),
      ...baselines(forecast, day, month, lastMonth),
    });
    if (crossedOn === null && forecast.soFar > allowance) crossedOn = day;
  }
  return { wholeMonthBefore: usage.firstDay <= month.previousFirstDay, crossedOn, outlooks };
}

/** What is done without a model: the straight line through the month so far, last month again, and half of each. */
function baselines({ soFar }: UsageForecast, day: number, month: Cycle, lastMonth: number) {
  const days = month.lastDay - month.firstDay + 1;
  const line = (soFar / day) * days;
  return { line, lastMonth, blend: soFar + (0.5 * (line - soFar) + 0.5 * lastMonth * ((days - day) / days)) };
}
