import assert from "node:assert/strict";
import { test } from "node:test";

import fc from "fast-check";

import {
  type DailyUsage,
  expectationOf,
  forecastRestOfCycle,
  learnUsagePrior,
  probabilityAbove,
  usageBetween,
  usageUntil,
} from "./index.ts";

const CYCLE = { firstDay: 17_600, lastDay: 17_629 };

/** Customers whose daily usage swings about a level of their own, with every fourth day empty. */
function aPopulation(): DailyUsage[] {
  return Array.from({ length: 40 }, (_, customer) => ({
    firstDay: 17_500,
    values: Array.from({ length: 130 }, (_, day) =>
      (day + customer) % 4 === 0 ? 0 : (5 + customer) * (1 + 0.5 * Math.sin(7 * day + customer)),
    ),
  }));
}

const PRIOR = learnUsagePrior(aPopulation().map((usage) => usageUntil(usage, CYCLE.firstDay - 1)));

const anyUsage = fc.record({
  firstDay: fc.integer({ min: 17_450, max: 17_640 }),
  values: fc.array(
    fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 500 }), fc.double({ min: 0, max: 1e6, noNaN: true })),
    { maxLength: 200 },
  ),
});
const anyDay = fc.integer({ min: 17_590, max: 17_640 });

test("a forecast is ordered: so far ≤ low ≤ median ≤ high, and quantiles rise", () => {
  fc.assert(
    fc.property(anyUsage, anyDay, (usage, today) => {
      const forecast = forecastRestOfCycle(usage, CYCLE, today, PRIOR);
      const { soFar, low90, low80, median, high80, high90 } = forecast;
      const ladder = [soFar, low90, low80, median, high80, high90];
      assert.deepEqual(
        ladder,
        [...ladder].sort((a, b) => a - b),
      );
      assert.deepEqual(
        forecast.quantiles,
        [...forecast.quantiles].sort((a, b) => a - b),
      );
      assert.ok(forecast.mean >= soFar && Number.isFinite(forecast.mean));
    }),
  );
});

test("the chance of going above a limit falls as the limit rises, between 1 and 0", () => {
  fc.assert(
    fc.property(
      anyUsage,
      anyDay,
      fc.array(fc.double({ min: 0, max: 1e7, noNaN: true }), { minLength: 2 }),
      (usage, today, limits) => {
        const forecast = forecastRestOfCycle(usage, CYCLE, today, PRIOR);
        const chances = limits.sort((a, b) => a - b).map((limit) => probabilityAbove(forecast, limit));
        assert.deepEqual(
          chances,
          [...chances].sort((a, b) => b - a),
        );
        assert.ok(chances.every((chance) => chance >= 0 && chance <= 1));
      },
    ),
  );
});

test("nothing after today changes a forecast", () => {
  fc.assert(
    fc.property(anyUsage, anyDay, (usage, today) => {
      const atThatTime = forecastRestOfCycle(usageUntil(usage, today), CYCLE, today, PRIOR);
      assert.deepEqual(forecastRestOfCycle(usage, CYCLE, today, PRIOR), atThatTime);
    }),
  );
});

test("the same histories teach the same prior, and it survives JSON", () => {
  assert.deepEqual(learnUsagePrior(aPopulation().map((usage) => usageUntil(usage, CYCLE.firstDay - 1))), PRIOR);
  assert.deepEqual(JSON.parse(JSON.stringify(PRIOR)), PRIOR);
});

test("a new customer is forecast from others: wide, about their mean", () => {
  const newcomer = { firstDay: CYCLE.firstDay - 1, values: [0, 20, 0, 22] };
  const forecast = forecastRestOfCycle(newcomer, CYCLE, CYCLE.firstDay + 2, PRIOR);
  const typical = PRIOR.dailyMean * forecast.daysLeft;
  assert.ok(forecast.mean - forecast.soFar > 0.5 * typical && forecast.mean - forecast.soFar < 1.5 * typical);
  const longKnown = aPopulation()[Math.round(PRIOR.dailyMean)] ?? newcomer;
  const known = forecastRestOfCycle(longKnown, CYCLE, CYCLE.firstDay + 2, PRIOR);
  assert.ok(forecast.high80 - forecast.low80 > 1.3 * (known.high80 - known.low80));
});

test("a customer who never used anything is forecast at nothing, most likely", () => {
  const forecast = forecastRestOfCycle({ firstDay: 17_450, values: Array(160).fill(0) }, CYCLE, 17_609, PRIOR);
  assert.equal(forecast.median, 0);
  assert.equal(forecast.low80, 0);
  assert.ok(probabilityAbove(forecast, 100) < 0.2);
});

test("a customer who fell silent is not forecast as if in use", () => {
  const values = Array.from({ length: 160 }, (_, day) => (day < 125 ? 30 : 0));
  assert.equal(forecastRestOfCycle({ firstDay: 17_450, values }, CYCLE, 17_609, PRIOR).median, 0);
});

test("after the last day, of the cycle or of service, the total is known", () => {
  const usage = { firstDay: 17_590, values: Array(40).fill(3), endsOn: 17_615 };
  for (const today of [17_615, 17_629, 17_635]) {
    const forecast = forecastRestOfCycle(usage, CYCLE, today, PRIOR);
    assert.equal(forecast.soFar, usageBetween(usage, CYCLE.firstDay, today));
    assert.equal(forecast.low90, forecast.high90);
    assert.equal(probabilityAbove(forecast, forecast.soFar), 0);
    assert.equal(probabilityAbove(forecast, forecast.soFar - 0.1), 1);
  }
});

test("use after the announced end of service means that it has not ended", () => {
  const usage = { firstDay: 17_500, values: Array(112).fill(10), endsOn: 17_605 };
  assert.equal(forecastRestOfCycle(usage, CYCLE, 17_605, PRIOR).daysLeft, 0);
  assert.equal(forecastRestOfCycle(usage, CYCLE, 17_611, PRIOR).daysLeft, 18);
});

test("in the course of a day, what is left of it counts too, even on the last day", () => {
  const usage = { firstDay: 17_500, values: Array(130).fill(10) };
  const means = [0, 0.5, 1].map(
    (todayElapsed) => forecastRestOfCycle(usage, { ...CYCLE, todayElapsed }, 17_629, PRIOR).mean,
  );
  assert.ok((means[0] ?? 0) > (means[1] ?? 0) && (means[1] ?? 0) > (means[2] ?? 0));
  assert.equal(means[2], 300);
});

test("the expectation of the total itself is near the mean, and of a bill never below the bill so far", () => {
  const forecast = forecastRestOfCycle(aPopulation()[20] ?? { firstDay: 0, values: [] }, CYCLE, 17_609, PRIOR);
  assert.ok(Math.abs(expectationOf(forecast, (total) => total) / forecast.mean - 1) < 0.02);
  assert.ok(expectationOf(forecast, (total) => Math.max(0, total - 100)) >= Math.max(0, forecast.soFar - 100));
});

test("weekdays that differ are learnt, and weekdays that do not stay at 1", () => {
  const weekly = Array.from({ length: 30 }, (_, customer) => ({
    firstDay: 17_500,
    values: Array.from({ length: 90 }, (_, day) => (20 + customer) * ((day + 17_500) % 7 < 2 ? 2 : 1)),
  }));
  const { weekday } = learnUsagePrior(weekly);
  assert.ok(Math.max(...weekday) / Math.min(...weekday) > 1.9);
  assert.ok(Math.max(...PRIOR.weekday) / Math.min(...PRIOR.weekday) < 1.1);
});

test("without any history there is still a prior and a forecast", () => {
  for (const prior of [learnUsagePrior([]), learnUsagePrior([{ firstDay: 0, values: [0, 0] }])]) {
    const forecast = forecastRestOfCycle(
      { firstDay: CYCLE.firstDay, values: [5, 6, 4] },
      CYCLE,
      CYCLE.firstDay + 2,
      prior,
    );
    assert.equal(forecast.soFar, 15);
    assert.ok(forecast.quantiles.every(Number.isFinite) && Number.isFinite(forecast.mean));
  }
});
