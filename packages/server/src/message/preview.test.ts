import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { openTestHub, type TestHub } from "../test-hub.ts";

let hub: TestHub;
before(async () => {
  hub = await openTestHub();
});
after(() => hub.end());

test("an agent is told in how many messages a text goes, and what they cost", async () => {
  const { status, body } = await hub.call("POST", "/api/messages/preview", { text: "ж".repeat(71) });
  const size = { alphabet: "ucs2", parts: 2, left: 63, unlike: ["ж"] };
  assert.deepEqual([status, body], [200, { ...size, cost: { amount: 0.016, currency: "USD" } }]);
});
