import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { openTestDatabase, type TestDatabase } from "../platform/test-database.ts";
import { KEYS, openTestHub, type TestHub } from "../test-hub.ts";
import { openRateLimits } from "./rate-limits.ts";

let hub: TestHub;
let database: TestDatabase;
before(async () => {
  hub = await openTestHub({ rates: { browserKey: 100, serverKey: null, peer: 20, customer: 2 } });
  database = await openTestDatabase();
});
after(async () => {
  await hub.end();
  await database.drop();
});

const post = (key: string, calls: object[], remoteAddress: string) =>
  hub.app.inject({
    method: "POST",
    url: "/v1/batch",
    remoteAddress,
    headers: {
      authorization: `Basic ${Buffer.from(`${key}:`).toString("base64")}`,
      "content-type": "application/json",
    },
    payload: JSON.stringify({ batch: calls }),
  });
const pages = (count: number, anonymousId: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => ({ type: "page", anonymousId: anonymousId(index) }));
const later = (ms: number) => hub.clock.moveTo(hub.clock.now() + ms);

const status = async (key: string, calls: object[], from: string) => (await post(key, calls, from)).statusCode;

test("a visitor, an address and a key each have their limit; beyond it is 429 with the time to come again", async () => {
  const busy = (count: number) => pages(count, () => "busy");
  const fresh = (count: number, name: string) => pages(count, (n) => `${name}${n}`);
  assert.equal(await status(KEYS.browser, busy(20), "192.0.2.1"), 200);
  const refused = await post(KEYS.browser, busy(5), "192.0.2.2");
  assert.deepEqual([refused.statusCode, JSON.parse(refused.body).type], [429, "ingest/too-many-events"]);
  assert.equal(refused.headers["retry-after"], "3");
  assert.ok(Number(refused.headers["x-ratelimit-reset"]) > 0);
  assert.equal(await status(KEYS.browser, fresh(5, "calm"), "192.0.2.2"), 200, "others go on");

  assert.equal(await status(KEYS.browser, fresh(170, "a"), "2001:db8::1"), 200);
  assert.equal(await status(KEYS.browser, fresh(31, "b"), "2001:db8::2"), 429, "of one /64");
  for (let peer = 0; peer < 4; peer++) await post(KEYS.browser, fresh(200, `c${peer}-`), `192.0.2.${10 + peer}`);
  assert.equal(await status(KEYS.browser, fresh(10, "d"), "192.0.2.99"), 429, "of one key");
  assert.equal(await status(KEYS.write, busy(500), "192.0.2.1"), 200, "a server has none");

  later(11_000);
  assert.equal(await status(KEYS.browser, busy(20), "192.0.2.1"), 200);
});

test("several processes share one limit", async () => {
  const clock = { now: () => 1_000_000_000_000 };
  const faults: unknown[] = [];
  const processes = [1, 2].map(() => openRateLimits(database.db, clock, (fault) => faults.push(fault)));
  const [one, other] = processes;
  assert.equal(one?.spend([{ name: "key", events: 95, perSecond: 10 }]), null);
  assert.equal(other?.spend([{ name: "key", events: 10, perSecond: 10 }]), null, "not told yet");
  const deadline = Date.now() + 10_000;
  while (other?.spend([{ name: "key", events: 1, perSecond: 10 }]) === null) {
    assert.ok(Date.now() < deadline, "the other process never heard of it");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await Promise.all(processes.map((limits) => limits.close()));
  assert.deepEqual(faults, []);
});
