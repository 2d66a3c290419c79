import assert from "node:assert/strict";
import { test } from "node:test";

import { afterResult, type Breaker, CLOSED, maySend } from "./breaker.ts";

const afterFaults = (count: number, nowMs = 0): Breaker =>
  Array.from({ length: count }).reduce<Breaker>((breaker) => afterResult(breaker, false, nowMs), CLOSED);

test("five faults in a row open it, and a success in between starts the count anew", () => {
  assert.equal(maySend(afterFaults(4), 0).may, true);
  assert.equal(maySend(afterFaults(5), 0).may, false);
  assert.deepEqual(afterResult(afterFaults(4), true, 0), CLOSED);
});

test("after its rest exactly one trial goes through", () => {
  const rested = maySend(afterFaults(5), 5_000);
  assert.equal(rested.may, true);
  assert.equal(maySend(rested.breaker, 5_001).may, false);
});

test("a trial that succeeds closes it, one that fails rests twice as long", () => {
  const { breaker } = maySend(afterFaults(5), 5_000);
  assert.deepEqual(afterResult(breaker, true, 5_100), CLOSED);
  assert.deepEqual(afterResult(breaker, false, 5_100), { state: "open", until: 15_100, openings: 2 });
});

test("a late success of a message sent before it opened does not close it", () => {
  assert.equal(afterResult(afterFaults(5), true, 100).state, "open");
});

test("a trial whose result was lost is followed by another", () => {
  const { breaker } = maySend(afterFaults(5), 5_000);
  assert.equal(maySend(breaker, 65_000).may, true);
});
