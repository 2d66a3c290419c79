import assert from "node:assert/strict";
import { test } from "node:test";

import fc from "fast-check";

import { detectPeriod, fillGaps, forecastSeries, mase, msis, naiveScale, smape } from "./index.ts";

const seasonal = (length: number) =>
  Array.from({ length }, (_, i) => (100 + i) * (1 + 0.3 * Math.sin((2 * Math.PI * i) / 12)));

test("a series with a trend and a season is continued with both", () => {
  const { mean } = forecastSeries(seasonal(96), { horizon: 12, period: 12 });
  const actual = seasonal(108).slice(96);
  assert.ok(smape(actual, mean) < 3, `sMAPE ${smape(actual, mean)}`);
});

/** Small noise that is the same each time. */
const shaken = (value: number, i: number) => value * (1 + (((i * 7919) % 101) - 50) / 5_000);
const daily = (i: number) => 100 + 50 * Math.sin((2 * Math.PI * i) / 24);

test("hours on a level that has moved for the last hundred of seven hundred are forecast on the new one", () => {
  const hours = Array.from({ length: 748 }, (_, i) => shaken(daily(i) * (i < 600 ? 1 : 3), i));
  const { mean } = forecastSeries(hours.slice(0, 700), { horizon: 48, period: 24 });
  assert.ok(smape(hours.slice(700), mean) < 2, `sMAPE ${smape(hours.slice(700), mean)}`);
});

test("hours that differ on two days of the week are forecast with their week", () => {
  const isWeekend = (i: number) => Math.floor(i / 24) % 7 >= 5;
  const hours = Array.from({ length: 24 * 35 }, (_, i) => shaken(daily(i) * (isWeekend(i) ? 0.4 : 1), i));
  const end = 24 * 33;
  const { mean } = forecastSeries(hours.slice(0, end), { horizon: 48, period: 24 });
  assert.ok(smape(hours.slice(end), mean) < 5, `sMAPE ${smape(hours.slice(end), mean)}`);
});

test("weeks given without a season are forecast with their year", () => {
  const weeks = Array.from({ length: 273 }, (_, i) => shaken(100 + 60 * Math.sin((2 * Math.PI * i) / 52), i));
  const { mean } = forecastSeries(weeks.slice(0, 260), { horizon: 13, period: 1 });
  assert.ok(smape(weeks.slice(260), mean) < 6, `sMAPE ${smape(weeks.slice(260), mean)}`);
});

test("whatever the series, the answer is finite, ordered and as long as asked", () => {
  const anySeries = fc.array(
    fc.oneof(fc.constant(null), fc.constant(0), fc.double({ min: -1e6, max: 1e6, noNaN: true })),
    { maxLength: 60 },
  );
  fc.assert(
    fc.property(anySeries, fc.integer({ min: 1, max: 30 }), fc.constantFrom(1, 4, 7, 12), (values, horizon, period) => {
      const { mean, low, high } = forecastSeries(values, { horizon, period });
      assert.equal(mean.length, horizon);
      mean.forEach((middle, i) => {
        assert.ok(Number.isFinite(middle) && Number.isFinite(low[i]) && Number.isFinite(high[i]));
        assert.ok((low[i] ?? 0) <= middle && middle <= (high[i] ?? 0));
      });
    }),
  );
});

test("a series that was never negative is not forecast negative", () => {
  const { low } = forecastSeries([9, 0, 7, 0, 5, 0, 3, 0, 1, 0, 0, 0], { horizon: 8, period: 1 });
  assert.ok(low.every((value) => value >= 0));
});

test("a gap is filled from the same season before and after", () => {
  assert.deepEqual(fillGaps([1, 2, null, 4, 3, 6], 2), [1, 2, 2, 4, 3, 6]);
  assert.deepEqual(fillGaps([null, null], 2), [0, 0]);
});

test("a weekly season is detected, and none where there is none", () => {
  const weekly = Array.from({ length: 140 }, (_, i) => (i % 7 < 2 ? 30 : 10) + ((i * 7919) % 13) / 10);
  assert.equal(detectPeriod(weekly, [7, 24, 12]), 7);
  assert.equal(
    detectPeriod(
      Array.from({ length: 140 }, (_, i) => (i * i * 7919) % 101),
      [7, 24, 12],
    ),
    1,
  );
});

test("the measures agree with their definitions on a case worked by hand", () => {
  const scale = naiveScale([1, null, 3, 5, 2], 2);
  assert.equal(scale, (2 + 1) / 2);
  assert.equal(mase([4, null, 6], [5, 9, 4], scale), (1 + 2) / 2 / 1.5);
  assert.equal(smape([100, 0], [50, 0]), (200 * 50) / 150 / 2);
  const interval = { low: [0, 0], high: [10, 10], level: 0.95 };
  assert.ok(Math.abs(msis([5, 12], interval, 2) - (10 + 10 + 40 * 2) / 2 / 2) < 1e-9);
});
