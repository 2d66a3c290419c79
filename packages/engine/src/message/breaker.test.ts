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
  assert.deepEqual(afterResult(breaker, false, 5_100), { state: "open", since: 5_100, until: 15_100, openings: 2 });
});

test("a late success of a message sent before it opened does not close it", () => {
  assert.equal(afterResult(afterFaults(5), true, 100).state, "open");
});

test("a trial whose result was lost is followed by another", () => {
  const { breaker } = maySend(afterFaults(5), 5_000);
  assert.equal(maySend(breaker, 65_000).may, true);
});

test("an alarm tries an open one each second, and does not wait for the trial of another message", () => {
  const open = afterFaults(5);
  assert.deepEqual(
    [999, 1_000].map((nowMs) => maySend(open, nowMs, true).may),
    [false, true],
  );
  const trial = maySend(open, 5_000).breaker;
  assert.deepEqual(
    [5_999, 6_000].map((nowMs) => maySend(trial, nowMs, true).may),
    [false, true],
  );
  const failed = afterResult(maySend(open, 1_000, true).breaker, false, 1_100);
  assert.deepEqual([maySend(failed, 2_099, true).may, maySend(failed, 2_100, true).may], [false, true]);
});
