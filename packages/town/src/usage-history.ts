import { logNormal, normal, type Random, randomOf } from "./random-of.ts";

/** What a subscriber used on one day. */
export type DailyUsage = { day: string; mb: number; minutes: number; messages: number };

/** A plan as the company sells it: what a month costs and holds, and what more costs. Data is billed by whole GB of 1,024 MB, begun ones included. */
export type Plan = {
  name: string;
  monthlyPay: number;
  mb: number;
  minutes: number;
  messages: number;
  perGb: number;
  perMinute: number;
  perMessage: number;
};

/** How a subscriber stands to the plan's data: as it comes, steadily above it, or close below it month after month. */
export type Temperament = "ordinary" | "steady-heavy" | "near-limit";

/**
 * Shapes fitted to a year of 220 real subscribers with at least 45 days, summed by day: the mean daily MB of a person is
 * log-normal (median 337, deviation 0.88), minutes (7.9, 1.04), messages (0.65, 1.13; one in six sends none); 47 % of a
 * person's days have no data at all (deviation 0.26 between people), 45 % no calls, 53 % no messages; on other days the
 * amount varies by 0.67, 0.65 and 0.46 of its mean; the largest day is six times the mean; weekdays differ by at most
 * 3 %; one month to the next a person's level changes by a factor whose logarithm deviates 0.48, which is what
 * a level that drifts by 0.15 gives together with the chance of the days.
 */
const SHAPES = {
  mb: { median: 337, deviation: 0.88, zeroShare: 0.47, daily: 0.61, drift: 0.15 },
  minutes: { median: 7.9, deviation: 1.04, zeroShare: 0.45, daily: 0.6, drift: 0.15 },
  messages: { median: 0.65, deviation: 1.13, zeroShare: 0.53, daily: 0.44, drift: 0.15 },
};
const SPREAD_OF_ZERO_SHARE = 0.24;
/** From Monday. */
const WEEKDAYS = [1.02, 0.99, 0.98, 0.97, 1.01, 1.01, 1.02];
const BURST_CHANCE = 0.01;
const BURST = 4;
const NEVER_TEXTS = 1 / 6;
const DAYS_A_MONTH = 30.4;

export type UsageRequest = {
  seed: number;
  personId: string;
  plan: Plan;
  temperament: Temperament;
  firstMonth: string;
  months: number;
};

/** A person's usage by day, from the first of `firstMonth` (such as 2026-01), the same for the same seed and person. */
export function usageHistory({ seed, personId, plan, temperament, firstMonth, months }: UsageRequest): DailyUsage[] {
  const random = randomOf(seed, `usage/${personId}`);
  const isSteady = temperament !== "ordinary";
  const data = aStream(
    random,
    SHAPES.mb,
    isSteady ? { mean: steadyMean(random, plan, temperament), drift: 0.05, zeroShare: 0.05 } : {},
  );
  const calls = aStream(random, SHAPES.minutes, {});
  const texts = aStream(random, SHAPES.messages, random() < NEVER_TEXTS ? { mean: 0 } : {});

  return Array.from({ length: months }).flatMap((_, index) => {
    const month = Temporal.PlainYearMonth.from(firstMonth).add({ months: index });
    const levels = { data: data.monthLevel(), calls: calls.monthLevel(), texts: texts.monthLevel() };
    return Array.from({ length: month.daysInMonth }, (__, day): DailyUsage => {
      const date = month.toPlainDate({ day: day + 1 });
      const weekday = WEEKDAYS[date.dayOfWeek - 1] ?? 1;
      const burst = random() < BURST_CHANCE && !isSteady ? BURST : 1;
      return {
        day: date.toString(),
        mb: Math.round(data.day(levels.data) * weekday * burst * 100) / 100,
        minutes: Math.round(calls.day(levels.calls) * weekday),
        messages: Math.round(texts.day(levels.texts)),
      };
    });
  });
}

/** The share of the town that is of each temperament; the rest is ordinary. */
export function temperamentOf(seed: number, personId: string): Temperament {
  const thrown = randomOf(seed, `temperament/${personId}`)();
  return thrown < 0.12 ? "steady-heavy" : thrown < 0.27 ? "near-limit" : "ordinary";
}

function steadyMean(random: Random, plan: Plan, temperament: Temperament): number {
  const share = temperament === "steady-heavy" ? 1.25 + 0.6 * random() : 0.78 + 0.12 * random();
  return (plan.mb * share) / DAYS_A_MONTH;
}

type Shape = { median: number; deviation: number; zeroShare: number; daily: number; drift: number };

/** One kind of use: a level of the person that drifts by the month, days of nothing, and amounts around the level. */
function aStream(random: Random, shape: Shape, fixed: { mean?: number; drift?: number; zeroShare?: number }) {
  const mean = fixed.mean ?? logNormal(random, shape.median, shape.deviation);
  const zeroShare =
    fixed.zeroShare ?? Math.min(0.95, Math.max(0, shape.zeroShare + SPREAD_OF_ZERO_SHARE * normal(random)));
  const drift = fixed.drift ?? shape.drift;
  const daily = fixed.drift === undefined ? shape.daily : shape.daily / 2;
  return {
    monthLevel: () => mean * Math.exp(drift * normal(random) - drift ** 2 / 2),
    day(level: number): number {
      if (random() < zeroShare) return 0;
      // The median of a log-normal whose mean is what the days of use must bring to make up for the others.
      return logNormal(random, (level / (1 - zeroShare)) * Math.exp(-(daily ** 2) / 2), daily);
    },
  };
}

/** What a month costs on a plan. */
export function billOf(days: DailyUsage[], plan: Plan): number {
  const sum = (of: (day: DailyUsage) => number) => days.reduce((total, day) => total + of(day), 0);
  const over = (used: number, included: number) => Math.max(0, used - included);
  return (
    plan.monthlyPay +
    Math.ceil(
      over(
        sum(({ mb }) => mb),
        plan.mb,
      ) / 1_024,
    ) *
      plan.perGb +
    Math.ceil(
      over(
        sum(({ minutes }) => minutes),
        plan.minutes,
      ),
    ) *
      plan.perMinute +
    over(
      sum(({ messages }) => messages),
      plan.messages,
    ) *
      plan.perMessage
  );
}
