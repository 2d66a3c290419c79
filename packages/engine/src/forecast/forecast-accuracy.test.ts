import assert from "node:assert/strict";
import { test } from "node:test";

import { areaUnderCurve, precisionAndRecall, wape } from "./index.ts";

test("WAPE is the sum of errors over the sum of what came", () => {
  assert.equal(
    wape([
      { actual: 10, forecast: 8 },
      { actual: 30, forecast: 36 },
    ]),
    0.2,
  );
  assert.ok(Number.isNaN(wape([{ actual: 0, forecast: 1 }])));
});

test("the area under the curve is 1 for a perfect order, a half for ties, and unknown for one kind alone", () => {
  const cases = (scores: number[]) => scores.map((score, i) => ({ score, happened: i >= 2 }));
  assert.equal(areaUnderCurve(cases([1, 2, 3, 4])), 1);
  assert.equal(areaUnderCurve(cases([4, 3, 2, 1])), 0);
  assert.equal(areaUnderCurve(cases([1, 1, 1, 1])), 0.5);
  assert.equal(areaUnderCurve(cases([1, 3, 2, 4])), 0.75);
  assert.ok(Number.isNaN(areaUnderCurve(cases([1, 2]))));
});

test("precision is of the alerted, recall of what happened", () => {
  const cases = [
    [true, true],
    [true, false],
    [false, true],
    [true, true],
  ].map(([alerted = false, happened = false]) => ({ alerted, happened }));
  assert.deepEqual(precisionAndRecall(cases), { precision: 2 / 3, recall: 2 / 3 });
});
