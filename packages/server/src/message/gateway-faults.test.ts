import assert from "node:assert/strict";
import { createServer } from "node:net";
import { afterEach, test } from "node:test";

import { type Gateway, openSmppGateway, openSmtpGateway } from "../channel/index.ts";
import { type MailSink, openMailSink } from "../channel/peers/mail-sink.ts";
import { noSmsc, openSmsc } from "../channel/peers/open-smsc.ts";
import { partitionOf } from "../partition/index.ts";
import { openTestHub, type TestHub } from "../test-hub.ts";
import { insertDirect } from "./store.ts";

let hub: TestHub;
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  await hub.end();
  for (const close of closers.splice(0)) await close();
});

const EMERGENCY = 0;
const CAMPAIGN = 4;
let known = 0;

/** Customers with these addresses: a way to put a message to each into the senders' queue. */
async function customers(channel: "email" | "sms", addresses: string[]): Promise<(lane: number) => Promise<void>> {
  const trait = channel === "email" ? "email" : "phone";
  const names = addresses.map(() => `customer-${known++}`);
  await hub.send(
    names.map((userId, n) => ({ type: "identify", userId, traits: { [trait]: addresses[n] }, messageId: userId })),
  );
  const { rows } = await hub.database.db.query<{ userId: string; customerId: string }>(
    `select value as "userId", customer_id as "customerId" from identifier where kind = 'user_id' and value = any($1::text[])`,
    [names],
  );
  return async (lane) => {
    const now = hub.clock.now();
    for (const { userId, customerId } of rows)
      await insertDirect(hub.database.db, {
        ...{ partition: partitionOf(customerId), customerId, messageId: crypto.randomUUID(), lane, channel },
        purpose: lane === EMERGENCY ? "life-safety" : "service",
        address: addresses[names.indexOf(userId)] ?? "",
        at: new Date(now),
        expiresAt: new Date(now + 7 * 86_400_000),
        body: { kind: "direct", policy: null, mustSend: false, locale: "en", subject: "News", text: userId },
      });
    for (const sender of hub.senders) sender.wake();
  };
}

/** How often each message of this lane that still waits has been tried. */
async function attempts(lane = CAMPAIGN): Promise<number[]> {
  const { rows } = await hub.database.db.query<{ attempt: number }>("select attempt from outbox where lane = $1", [
    lane,
  ]);
  return rows.map(({ attempt }) => Number(attempt));
}
const sending = async () =>
  (await hub.database.db.query("select 1 from outbox where state = 'sending' and lane = $1", [CAMPAIGN])).rows.length;
const state = () => hub.senders[0]?.breaker().state;

async function until(what: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await what())) await new Promise((resolve) => setTimeout(resolve, 20));
}

const aRelay = (port: number): Gateway =>
  openSmtpGateway({
    ...{ name: "relay", host: "127.0.0.1", port, security: "plain", ownRoots: null, auth: null, dkim: null },
    from: { name: "Hub", address: "hello@hub.example" },
    ...{ domain: "hub.example", secret: "a secret", ratePerSecond: 1_000, connectionsPerLane: 2, timeoutMs: 2_000 },
  });

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const port = Number(Object(server.address()).port);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function sinkAt(port: number): Promise<MailSink> {
  const sink = await openMailSink(port);
  closers.push(sink.close);
  return sink;
}

const people = (count: number) => Array.from({ length: count }, (_, n) => `person-${n}@town.example`);

test("a relay that is down is given a rest after five faults, tried once when it has rested, and nothing is lost", async () => {
  const port = await freePort();
  hub = await openTestHub({ gateways: [aRelay(port)] });
  const write = await customers("email", people(12));
  await write(CAMPAIGN);
  await until(() => state() === "open");
  await until(async () => (await sending()) === 0);
  assert.deepEqual(await attempts(), Array(12).fill(1));

  // Their time comes, and nobody tries while it rests.
  hub.clock.moveTo(hub.clock.now() + 3_600_000);
  await until(() => state() !== "open");
  assert.ok((await attempts()).every((attempt) => attempt <= 2));
  assert.ok((await attempts()).filter((attempt) => attempt === 2).length <= 1, "one trial at most");

  const sink = await sinkAt(port);
  while ((await attempts()).length > 0) {
    await hub.idle();
    hub.clock.moveTo(hub.clock.now() + 3_600_000);
  }
  assert.equal(state(), "closed");
  assert.deepEqual(sink.mails.map(({ to }) => to.join()).sort(), people(12).sort());
});

test("a rest in which nothing was due ends with the first message that is", async () => {
  const port = await freePort();
  hub = await openTestHub({ gateways: [aRelay(port)] });
  const write = await customers("email", people(6));
  await write(CAMPAIGN);
  await until(() => state() === "open");
  const sink = await sinkAt(port);
  const rested = Date.now() + 5_500;
  await until(() => Date.now() > rested);
  hub.clock.moveTo(hub.clock.now() + 3_600_000);
  await hub.idle();
  assert.deepEqual([state(), sink.mails.length], ["closed", 6]);
});

test("an alarm is tried at a relay that rests until it is delivered, before the others are", async () => {
  const port = await freePort();
  hub = await openTestHub({ gateways: [aRelay(port)] });
  const write = await customers("email", people(6));
  const alarm = await customers("email", ["alarmed@town.example"]);
  await write(CAMPAIGN);
  await until(() => state() === "open");
  await alarm(EMERGENCY);
  await until(async () => {
    hub.clock.moveTo(hub.clock.now() + 15_000);
    return ((await attempts(EMERGENCY))[0] ?? 0) >= 3;
  });
  const sink = await sinkAt(port);
  await until(async () => {
    hub.clock.moveTo(hub.clock.now() + 15_000);
    return (await attempts()).length === 0;
  });
  assert.equal(sink.mails[0]?.to.join(), "alarmed@town.example");
  assert.equal(sink.mails.length, 7);
});

test("an alarm goes out while a campaign waits for a relay that says nothing", async () => {
  const sink = await openMailSink();
  closers.push(sink.close);
  hub = await openTestHub({ gateways: [aRelay(sink.port)] });
  const write = await customers(
    "email",
    Array.from({ length: 4 }, (_, n) => `silent-${n}@town.example`),
  );
  const alarm = await customers("email", ["alarmed@town.example"]);
  await write(CAMPAIGN);
  await until(async () => (await sending()) === 4);
  await alarm(EMERGENCY);
  await until(() => sink.mails.length === 1);
  assert.equal(await sending(), 4, "the campaign still waits");
});

test("a message centre that throttles is given a rest, an alarm passes, and its answer lets the rest go on", {
  skip: noSmsc,
}, async () => {
  const smsc = await openSmsc();
  closers.push(smsc.close);
  const gateway = openSmppGateway({
    ...{ name: "carrier", host: "127.0.0.1", port: smsc.port, tls: false, ownRoots: null, systemId: "hub" },
    ...{ password: "pw", systemType: "", source: "+13125550100", alphabet: "gsm7", window: 10, timeoutMs: 2_000 },
    ...{ enquireEveryMs: 10_000, firstRetryMs: 20, random: () => 0.5, ratePerSecond: 1_000 },
    now: () => hub.clock.now(),
    hear: (touches) => hub.hear(touches),
    onFault: () => undefined,
  });
  hub = await openTestHub({ gateways: [gateway] });
  const throttled = Array.from({ length: 6 }, (_, n) => `+1312555${n + 1}188`);
  const write = await customers("sms", throttled);
  const alarm = await customers("sms", ["+13125550101"]);
  await write(CAMPAIGN);
  await until(() => state() === "open");
  await alarm(EMERGENCY);
  await until(() => smsc.lines.some(({ to }) => to === "+13125550101"));
  await until(() => state() === "closed");
  assert.equal((await attempts()).length, throttled.length, "what was throttled is kept");
});
