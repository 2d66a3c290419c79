import assert from "node:assert/strict";
import { test } from "node:test";

import { playHostile } from "../faults/hostile.ts";

test("while every door is attacked at once, nothing honest is lost and nothing forged has an effect", async () => {
  const failed: string[] = [];
  const check = (what: string, holds: boolean, found?: unknown) => {
    if (!holds) failed.push(`${what}: ${JSON.stringify(found)}`);
  };
  await playHostile(check, { calmMs: 0, attackMs: 3_000, isTimed: false });
  assert.deepEqual(failed, []);
});
