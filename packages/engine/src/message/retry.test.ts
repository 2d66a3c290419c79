import assert from "node:assert/strict";
import { test } from "node:test";

import fc from "fast-check";

import { type FailedAttempt, nextRetryAt } from "./retry.ts";

const aFailure = (over: Partial<FailedAttempt>): FailedAttempt => ({
  lane: "journey",
  attempt: 1,
  nowMs: 1_000_000,
  retryAfterMs: null,
  jitter01: 0.999,
  ...over,
});

test("the wait doubles with each attempt until the lane's longest wait", () => {
  const waits = [1, 2, 3, 9, 11].map((attempt) => (nextRetryAt(aFailure({ attempt, jitter01: 1 })) ?? 0) - 1_000_000);
  assert.deepEqual(waits, [5_000, 10_000, 20_000, 1_280_000, 1_800_000]);
});

test("a provider's Retry-After is never undercut", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 1e9 }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (retryAfterMs, jitter01) => {
        assert.ok((nextRetryAt(aFailure({ retryAfterMs, jitter01 })) ?? 0) >= 1_000_000 + retryAfterMs);
      },
    ),
  );
});

test("an alarm is tried again within fifteen seconds, whatever the attempt", () => {
  for (const attempt of [1, 2, 10, 60, 10_000])
    assert.ok((nextRetryAt(aFailure({ lane: "emergency", attempt })) ?? Number.POSITIVE_INFINITY) <= 1_015_000);
});

test("attempts come to an end", () => {
  assert.equal(nextRetryAt(aFailure({ lane: "campaign", attempt: 8 })), null);
});
