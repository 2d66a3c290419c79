import assert from "node:assert/strict";
import { after, test } from "node:test";

import { openBrowserHub } from "../browser-hub.ts";
import { aSmallPack } from "../identity/a-small-pack.ts";
import { type Frame, insertIngestBatch, packFrames } from "../ingest/index.ts";

/** A timer that both the company's server and browsers may set, and a policy that hears it from the server alone. */
const site = await openBrowserHub();
after(() => site.hub.end());
const { hub, query, call, aCustomer, textsTo, wait } = site;
await hub.scenarios.install({
  ...aSmallPack,
  name: "timed",
  features: [],
  timers: [
    { name: "order late", on: ["order looked at"], until: ["order done"], after: "1h", from: ["browser", "server"] },
  ],
  browserEvents: [{ event: "order looked at", perPeer: { limit: 1_000, window: "1h" } }],
  policies: [{ ...aSmallPack.policies[0], name: "late", on: ["order late"] }],
});
const MINUTE = 60_000;
const look = (who: object) => call("track", { ...who, event: "order looked at" });
const pass = async (ms: number) => {
  wait(ms);
  await hub.idle();
};
const timers = () => query<{ causedBy: string | null }>('select caused_by as "causedBy" from timer');

test("a timer that the server set fires as the server's, at its time, whatever a browser says meanwhile", async () => {
  const phone = await aCustomer("one");
  await hub.send([call("identify", { userId: "one", anonymousId: "one-browser" }), look({ userId: "one" })]);
  await pass(50 * MINUTE);
  await hub.send([look({ anonymousId: "one-browser" })], "browser");
  await pass(11 * MINUTE);
  assert.equal(textsTo(phone), 1);
  await pass(120 * MINUTE);
  assert.equal(textsTo(phone), 1);
});

test("the server's takes the place of a browser's", async () => {
  const phone = await aCustomer("two");
  await hub.send([call("identify", { userId: "two", anonymousId: "two-browser" })]);
  await hub.send([look({ anonymousId: "two-browser" })], "browser");
  assert.deepEqual(await timers(), [{ causedBy: "browser" }]);
  await hub.send([look({ userId: "two" })]);
  assert.deepEqual(await timers(), [{ causedBy: null }]);
  await pass(61 * MINUTE);
  assert.equal(textsTo(phone), 1);
});

for (const [which, first] of [
  ["the customer", "server"],
  ["the visitor", "browser"],
] as const)
  test(`a visitor's timer does not take the place of the server's when the two become one, and ${which} was first`, async () => {
    const [userId, anonymousId] = [`merged-${first}`, `merged-${first}-browser`];
    const visit = () => hub.send([look({ anonymousId })], "browser");
    if (first === "browser") await visit();
    wait(10_000);
    const phone = await aCustomer(userId);
    await hub.send([look({ userId })]);
    await pass(10 * MINUTE);
    if (first === "server") await visit();
    assert.equal((await timers()).length, 2);
    await hub.send([call("identify", { userId, anonymousId })]);
    assert.deepEqual(await timers(), [{ causedBy: null }]);
    await pass(61 * MINUTE);
    assert.equal(textsTo(phone), 1);
  });

test("what the server ends is over, and a browser may set it anew in the same batch", async () => {
  const phone = await aCustomer("ended");
  await hub.send([call("identify", { userId: "ended", anonymousId: "ended-browser" }), look({ userId: "ended" })]);
  const { database, clock } = hub;
  const frame = (origin: "server" | "browser", said: object): Frame => ({
    ...{ format: "segment", call: null, source: "test", origin, idSpace: origin, frameId: origin, lane: 3 },
    receivedAt: clock.now(),
    body: Buffer.from(JSON.stringify(said)),
  });
  const done = call("track", { userId: "ended", event: "order done" });
  const frames = [frame("server", done), frame("browser", look({ anonymousId: "ended-browser" }))];
  await insertIngestBatch(database.db, new Date(clock.now()), 2, packFrames(frames));
  await hub.idle();
  assert.deepEqual(await timers(), [{ causedBy: "browser" }]);
  await pass(61 * MINUTE);
  assert.equal(textsTo(phone), 0);
});
