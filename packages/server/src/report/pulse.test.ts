import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import type { Pulse } from "@rapport/contract/api";

import { type Gateway, openFakeGateway } from "../channel/index.ts";
import { readGateways } from "../message/index.ts";
import { simulatedClock } from "../platform/clock.ts";
import { openTestDatabase } from "../platform/test-database.ts";
import { aSmallPack } from "../identity/a-small-pack.ts";
import { openTestHub, type TestHub } from "../test-hub.ts";
import { LagWatch } from "./lag-watch.ts";
import { readPulse } from "./pulse.ts";

const NOON = Date.UTC(2026, 5, 10, 16);
let hub: TestHub;
let opened = false;
afterEach(async () => {
  if (opened) await hub.end();
  opened = false;
});
async function open(gateways: Gateway[] = []): Promise<void> {
  hub = await openTestHub({ gateways });
  opened = true;
}

const pulse = (): Promise<Pulse> => readPulse({ db: hub.database.db, clock: hub.clock, watch: new LagWatch(() => 0) });

/** The gateways as Pulse tells them, once any has been told of. */
async function gateways(): Promise<[name: string, state: string][]> {
  for (;;) {
    const told = await readGateways(hub.database.db);
    if (told.length > 0) return told.map(({ name, state }) => [name, state]);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test("a gateway that has lost its provider is down, though nothing has been handed to it yet", async () => {
  const lost: Gateway = { ...openFakeGateway("sms"), isUp: () => false };
  await open([lost, openFakeGateway("email")]);

  assert.deepEqual(await gateways(), [
    ["fake-email", "closed"],
    ["fake-sms", "down"],
  ]);
  assert.deepEqual(
    (await pulse()).gateways.map(({ state }) => state),
    ["closed", "down"],
  );
});

test("a gateway whose process has ended without a word is down, until another works on it", async () => {
  await open();
  const tell = (owner: string, age: string) =>
    hub.database.db.query(
      `insert into gateway_state (owner, name, channel, state, faults, per_second, seen_at)
       values ($1, 'mail', 'email', 'closed', 0, 500, clock_timestamp() - $2::interval)`,
      [owner, age],
    );
  await tell("gone", "1 minute");
  assert.deepEqual(await gateways(), [["mail", "down"]]);
  await tell("alive", "0 seconds");
  assert.deepEqual(await gateways(), [["mail", "closed"]]);
});

test("messages whose time has come are told by channel with how long they wait, whether or not a gateway is there", async () => {
  await open();
  await hub.send([{ type: "identify", userId: "ann", traits: { email: "ann@town.example" }, messageId: "i" }]);
  const { body } = await hub.call("GET", "/api/customers?q=ann@town.example");
  const { customerId } = (body as { customers: { customerId: string }[] }).customers[0] ?? {};
  const answer = await hub.app.inject({
    method: "POST",
    url: "/api/messages",
    headers: { authorization: "Bearer rk_admin_test_admin_key", "idempotency-key": "one" },
    payload: { customerId, channel: "email", purpose: "service", subject: "Hello", text: "Hello" },
  });
  assert.equal(answer.statusCode, 202, answer.body);
  hub.clock.moveTo(hub.clock.now() + 60_000);

  const { lag, gateways: none } = await pulse();
  assert.deepEqual([lag.unsent, lag.channels, none], [1, [{ channel: "email", unsent: 1, oldestMs: 60_000 }], []]);
});

test("what waits for a partition is told with how long it has waited at the least", async () => {
  const database = await openTestDatabase();
  let now = 0;
  const parts = { db: database.db, clock: simulatedClock(NOON), watch: new LagWatch(() => now) };
  await database.db.query("insert into inbox (partition, lane, items, body) values (7, 3, 4, '')");
  await readPulse(parts);
  now = 40_000;
  const { lag } = await readPulse(parts);
  await database.drop();

  const waiting = lag.partitions.filter(({ events }) => events > 0);
  assert.deepEqual(waiting, [{ partition: 7, events: 4, waitingMs: 40_000, owner: null }]);
  assert.equal(lag.oldestMs, 40_000);
});

test("what the customers of the last decisions did is told, newest first, with their names", async () => {
  await open();
  await hub.scenarios.install(aSmallPack);
  const traits = { name: "Ann Lee", email: "ann@town.example" };
  await hub.send([{ type: "identify", userId: "ann", traits, messageId: "i" }]);
  await hub.send([{ type: "track", userId: "ann", event: "Ordered", messageId: "t" }]);

  const { now } = await pulse();
  assert.ok(now.some(({ name, customer }) => name === "Ordered" && customer === "Ann Lee"));
  assert.deepEqual(
    now,
    now.toSorted((a, b) => b.at - a.at),
  );
});

test("a dead letter that came within the hour is new, and one set aside is none", async () => {
  await open();
  await hub.send([{ type: "track", userId: "ann" }]);
  assert.deepEqual([(await pulse()).deadLetters, (await pulse()).newDeadLetters], [1, 1]);
  hub.clock.moveTo(hub.clock.now() + 3_600_001);
  assert.deepEqual([(await pulse()).deadLetters, (await pulse()).newDeadLetters], [1, 0]);

  const { body } = await hub.call("GET", "/api/dead-letters");
  const [letter] = (body as { letters: { deadLetterId: number }[] }).letters;
  assert.equal((await hub.call("POST", `/api/dead-letters/${letter?.deadLetterId}/resolve`)).status, 204);
  assert.equal((await pulse()).deadLetters, 0);
});
