import assert from "node:assert/strict";
import { test } from "node:test";
import type { Forecast } from "@rapport/contract/api";

import { forecastSeries, scaleOf } from "./forecast-series.ts";
import { chanceOf } from "./forecast-words.ts";

function aForecast(more: Partial<Forecast> = {}): Forecast {
  return {
    name: "mb",
    unit: "MB",
    cycle: { from: 0, to: 1 },
    allowance: 4_096,
    plan: "surf",
    soFar: [
      { day: 1, total: 1_024 },
      { day: 2, total: 2_048 },
    ],
    ahead: [{ day: 3, median: 3_072, low: 2_560, high: 4_096 }],
    lastCycle: [{ day: 1, total: 512 }],
    median: 3_072,
    low80: 2_560,
    high80: 4_096,
    probabilityAbove: 0.1,
    options: [],
    ...more,
  };
}

test("the lines ahead begin where the one so far ends", () => {
  const { days, soFar, median, low, band, lastCycle } = forecastSeries(aForecast(), 1_024);

  assert.deepEqual(days, [1, 2, 3]);
  assert.deepEqual(soFar, [1, 2, null]);
  assert.deepEqual(median, [null, 2, 3]);
  assert.deepEqual(low, [null, 2, 2.5]);
  assert.deepEqual(band, [null, 0, 1.5]);
  assert.deepEqual(lastCycle, [0.5, null, null]);
});

test("many megabytes are drawn as gigabytes", () => {
  assert.equal(scaleOf(aForecast()), 1_024);
  assert.equal(scaleOf(aForecast({ allowance: null, high80: 900 })), 1);
  assert.equal(scaleOf(aForecast({ unit: "min" })), 1);
});

test("a probability is told in words, the sure ones without a figure", () => {
  const told = [1, 0.8, 0.5, 0.2, 0].map((probabilityAbove) => chanceOf(aForecast({ probabilityAbove })));

  assert.deepEqual(told, ["certain", "likely", "even", "unlikely", "no"]);
  assert.equal(chanceOf(aForecast({ allowance: 2_000 })), "passed");
  assert.equal(chanceOf(aForecast({ allowance: null })), null);
});
