import assert from "node:assert/strict";
import { test } from "node:test";

import fc from "fast-check";

import { fullBucket, take } from "./rate.ts";

const rate = { perSecond: 10, burst: 5 };

test("a full bucket gives its burst, then one each tenth of a second", () => {
  const first = take({ bucket: fullBucket(rate, 0), rate }, 8, 0);
  assert.deepEqual([first.given, first.nextAt], [5, 100]);
  assert.equal(take({ bucket: first.bucket, rate }, 8, 99).given, 0);
  assert.equal(take({ bucket: first.bucket, rate }, 8, 100).given, 1);
});

test("over any stretch of time no more is given than the rate and one burst", () => {
  const asks = fc.array(
    fc.record({ wanted: fc.integer({ min: 0, max: 20 }), waitMs: fc.integer({ min: -50, max: 400 }) }),
  );
  fc.assert(
    fc.property(asks, (steps) => {
      let bucket = fullBucket(rate, 0);
      let nowMs = 0;
      let latestMs = 0;
      let total = 0;
      for (const { wanted, waitMs } of steps) {
        nowMs += waitMs;
        latestMs = Math.max(latestMs, nowMs);
        const taken = take({ bucket, rate }, wanted, nowMs);
        bucket = taken.bucket;
        total += taken.given;
      }
      assert.ok(total <= rate.burst + (latestMs * rate.perSecond) / 1_000 + 1e-6);
    }),
  );
});

test("whoever waits until nextAt is given a token", () => {
  const empty = take({ bucket: fullBucket(rate, 0), rate }, 5, 0);
  assert.equal(take({ bucket: empty.bucket, rate }, 1, empty.nextAt).given, 1);
});
