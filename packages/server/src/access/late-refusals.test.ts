import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as rest } from "node:timers/promises";

import { openTestHub, type TestHub } from "../test-hub.ts";

let hub: TestHub;
let share = 1;
before(async () => {
  hub = await openTestHub({ loadShare: { now: () => share, close: () => undefined } });
});
after(() => hub.end());

async function asked(url: string) {
  const began = performance.now();
  const { statusCode } = await hub.app.inject({ method: "GET", url });
  return { statusCode, ms: performance.now() - began };
}

test("of a busy process a refusal comes late, the later the busier it is; what is granted comes as ever", async () => {
  share = 0.4;
  const [refused, granted] = await Promise.all([asked("/api/customers"), asked("/healthz")]);
  assert.deepEqual([refused.statusCode, granted.statusCode], [401, 200]);
  // 600 ms; timers may fire a millisecond early.
  assert.ok(refused.ms >= 595, `${refused.ms} ms`);
  assert.ok(granted.ms < refused.ms);
});

test("of a process that has time nobody waits for a refusal", async () => {
  share = 0.4;
  const order: string[] = [];
  const late = asked("/api/nowhere").then(() => order.push("while busy"));
  await rest(100);
  share = 1;
  await asked("/api/nowhere").then(() => order.push("with time"));
  await late;
  assert.deepEqual(order, ["with time", "while busy"]);
});
