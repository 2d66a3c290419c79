import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { nextShare, openLoadShare } from "../platform/load-share.ts";
import { KEYS, openTestHub, type TestHub } from "../test-hub.ts";

let hub: TestHub;
before(async () => {
  const rates = { browserKey: 100, serverKey: null, peer: null, customer: null };
  hub = await openTestHub({ rates, loadShare: openLoadShare() });
});
after(() => hub.end());

const send = (key: string, count: number) =>
  hub.app.inject({
    method: "POST",
    url: "/v1/batch",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    payload: { batch: Array.from({ length: count }, (_, n) => ({ type: "page", anonymousId: `v${n}` })) },
  });
/** Keeps the process at work for so long, with room for others' turns. */
async function toil(ms: number): Promise<void> {
  for (const until = performance.now() + ms; performance.now() < until; await new Promise(setImmediate))
    for (const turn = performance.now() + 20; performance.now() < turn; );
}

test("a busy process hears a browser's key at a twentieth of its rate, a server's as ever, and both again when it has time", async () => {
  assert.equal((await send(KEYS.browser, 150)).statusCode, 200);
  await toil(3_000);

  assert.equal((await send(KEYS.write, 500)).statusCode, 200);
  const refused = await send(KEYS.browser, 1);
  assert.deepEqual([refused.statusCode, refused.json().type], [429, "ingest/too-many-events"]);
  assert.ok(Number(refused.headers["retry-after"]) >= 1);

  for (let tries = 0; tries < 200 && (await send(KEYS.browser, 1)).statusCode !== 200; tries++)
    await new Promise((resolve) => setTimeout(resolve, 100));
  assert.equal((await send(KEYS.browser, 1)).statusCode, 200);
});

test("the share falls to a twentieth within two seconds of toil, and is whole again after half a minute of rest", () => {
  let share = 1;
  for (let step = 0; step < 8; step++) share = nextShare(share, 0.99);
  assert.equal(share, 0.05);
  for (let step = 0; step < 120; step++) share = nextShare(share, 0.3);
  assert.equal(share, 1);
});
