import { costOf, MB_PER_GB, type Plan, type TopUp, type Usage } from "./plan.ts";

/** The forecast of a cycle's total: `quantiles` are ascending, at evenly spread probabilities. */
export type TotalForecast = { median: number; mean: number; quantiles: readonly number[] };
/** By kind of usage; a kind without a forecast is not used. */
export type UsageForecast = Partial<Record<keyof Usage, TotalForecast>>;

export type Offer = {
  /** The customer's present plan. */
  plan: Plan;
  plans: readonly Plan[];
  topUps: readonly TopUp[];
  /** Totals of the running cycle, what is used already included. */
  forecasts: UsageForecast;
  /** Totals of a later cycle; those of the running one stand in when they are missing. */
  laterForecasts?: UsageForecast;
  /** How many cycles after the running one count. */
  futureCycles: number;
  /** `next-cycle`: this one is paid by the present plan. `now`: the whole running cycle is paid by the new plan. */
  planChange?: "next-cycle" | "now";
};

/** One thing the customer can do, priced for this customer over the running cycle and the coming ones. */
export type Option = {
  kind: "nothing" | "topup" | "plan";
  /** `nothing`, the plan's name, the top-up's name or `2 × name`. */
  name: string;
  /** The plan after it, and top-ups bought. */
  plan: string;
  count: number;
  /** What is bought on top for the running cycle. */
  gb: number;
  /** What saying yes costs at once: the price of the top-ups; a plan is paid by the month. */
  price: number;
  monthlyPay: number;
  /** Expected cost of the running cycle, and of each one after it. */
  costThisCycle: number;
  costPerCycleAfter: number;
  /** Of all cycles that count: expected, and with every usage at its forecast's median. */
  expectedCost: number;
  medianCost: number;
  /** Against doing nothing; above zero is good for the customer. */
  savingExpected: number;
  savingAtMedian: number;
  savingThisCycle: number;
  /** P(it costs less than doing nothing). */
  chanceOfSaving: number;
  /** P(the running cycle goes beyond what is included), by this option. */
  chanceOfOverage: number;
};

/** More top-ups of a kind than this are never offered. */
const MOST_TOP_UPS = 5;

/**
 * Prices everything this customer can do: nothing, each sensible number of each top-up, each other plan. Kinds of usage
 * and cycles are taken to be high and low together: that changes no expectation, as costs add up, and makes
 * `chanceOfSaving` cautious. Cheapest first in expectation; doing nothing is always among them.
 */
export function priceOptions(offer: Offer): Option[] {
  const { plan, plans, topUps, futureCycles } = offer;
  const now = scenariosOf(offer.forecasts);
  const later = scenariosOf(offer.laterForecasts ?? offer.forecasts);
  const changesNow = offer.planChange === "now";

  const stay = { kind: "nothing", name: "nothing", plan, count: 0, gb: 0, price: 0 } as const;
  const choices: Choice[] = [stay];
  for (const topUp of topUps) choices.push(...topUpsOf(plan, topUp, now));
  for (const other of plans) {
    if (other.name !== plan.name) choices.push({ ...stay, kind: "plan", name: other.name, plan: other });
  }
  const priced = choices.map((choice) => {
    const current = choice.kind === "plan" && !changesNow ? plan : choice.plan;
    return { choice, current, costs: costsOf(choice, current, now, later, futureCycles) };
  });
  const nothing = priced[0]?.costs;
  if (!nothing) throw new Error("doing nothing is always priced");

  return priced
    .map(({ choice, current, costs }) => optionOf(choice, current, costs, nothing, now))
    .sort((a, b) => a.expectedCost - b.expectedCost || (a.name < b.name ? -1 : 1));
}

type Choice = { kind: Option["kind"]; name: string; plan: Plan; count: number; gb: number; price: number };

/** The usage at the median and along the quantiles, with its weight: usage as it may come out. */
type Scenarios = { median: Usage; quantiles: readonly Usage[] };

function scenariosOf(forecast: UsageForecast): Scenarios {
  const { mb, minutes, messages } = forecast;
  const length = Math.max(1, ...[mb, minutes, messages].map((kind) => kind?.quantiles.length ?? 0));
  const usageAt = (of: (kind: TotalForecast | undefined) => number): Usage => ({
    mb: of(mb),
    minutes: of(minutes),
    messages: of(messages),
  });
  return {
    median: usageAt((kind) => kind?.median ?? 0),
    quantiles: Array.from({ length }, (_, index) => usageAt((kind) => quantileAt(kind, (index + 0.5) / length))),
  };
}

function quantileAt(kind: TotalForecast | undefined, probability: number): number {
  if (!kind) return 0;
  return kind.quantiles[Math.floor(probability * kind.quantiles.length)] ?? kind.median;
}

/** As many as could be of use at the highest usage that is foreseen. */
function topUpsOf(plan: Plan, topUp: TopUp, { quantiles }: Scenarios): Choice[] {
  const highest = Math.max(...quantiles.map((usage) => usage.mb));
  const gbOver = (highest - plan.included.mb) / MB_PER_GB;
  const most = Math.min(MOST_TOP_UPS, Math.max(1, Math.ceil(gbOver / topUp.gb)));
  return Array.from({ length: most }, (_, index) => {
    const count = index + 1;
    const name = count === 1 ? topUp.name : `${count} × ${topUp.name}`;
    return { kind: "topup", name, plan, count, gb: count * topUp.gb, price: count * topUp.price };
  });
}

type Costs = { thisCycle: number; perCycleAfter: number; median: number; total: number; byQuantile: readonly number[] };

function costsOf(choice: Choice, current: Plan, now: Scenarios, later: Scenarios, cycles: number): Costs {
  const thisCycle = now.quantiles.map((usage) => choice.price + costOf(current, usage, choice.gb));
  const after = later.quantiles.map((usage) => costOf(choice.plan, usage));
  const expectedNow = meanOf(thisCycle);
  const expectedAfter = meanOf(after);
  return {
    thisCycle: expectedNow,
    perCycleAfter: expectedAfter,
    total: expectedNow + cycles * expectedAfter,
    median: choice.price + costOf(current, now.median, choice.gb) + cycles * costOf(choice.plan, later.median),
    byQuantile: thisCycle.map((cost, index) => cost + cycles * (at(after, index / thisCycle.length) ?? expectedAfter)),
  };
}

function optionOf(choice: Choice, current: Plan, costs: Costs, nothing: Costs, now: Scenarios): Option {
  const saves = costs.byQuantile.map((cost, index) => Number(cost < (nothing.byQuantile[index] ?? 0)));
  const over = now.quantiles.map((usage) => Number(costOf(current, usage, choice.gb) > current.monthlyPay));
  return {
    kind: choice.kind,
    name: choice.name,
    plan: choice.plan.name,
    count: choice.count,
    gb: choice.gb,
    price: choice.price,
    monthlyPay: choice.plan.monthlyPay,
    costThisCycle: costs.thisCycle,
    costPerCycleAfter: costs.perCycleAfter,
    expectedCost: costs.total,
    medianCost: costs.median,
    savingExpected: nothing.total - costs.total,
    savingAtMedian: nothing.median - costs.median,
    savingThisCycle: nothing.thisCycle - costs.thisCycle,
    chanceOfSaving: meanOf(saves),
    chanceOfOverage: meanOf(over),
  };
}

function at(values: readonly number[], share: number): number | undefined {
  return values[Math.floor(share * values.length)];
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
