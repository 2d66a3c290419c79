import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { APART, insertIngestBatch, packFrames } from "../ingest/index.ts";
import type { Database } from "../platform/database.ts";
import { dropLeases, type Lease, registerLeases, takeLeases } from "../platform/lease/store.ts";
import { openTestHub, type TestHub } from "../test-hub.ts";
import { type InboxItem, partitionOf, toInboxRows } from "./inbox-item.ts";
import { openPartitionWorker, type Round } from "./partition-worker.ts";
import { insertInbox } from "./queue/store.ts";
import { rebuildProfiles } from "./rebuild.ts";
import { loneResolver } from "../identity/lone-resolver.ts";

const URGENT = 0;
const JOURNEY = 3;
const HOUSEKEEPING = 5;

/** A hub whose own loops have ended: nobody works on a partition but the test. */
let hub: TestHub;
let db: Database;
const customers = { ann: "", bob: "" };
before(async () => {
  hub = await openTestHub();
  db = hub.database.db;
  await hub.send(["ann", "bob"].flatMap((userId) => [1, 2, 3].map((n) => seen(userId, n))));
  customers.ann = await idOf("ann");
  customers.bob = await idOf("bob");
  hub.clock.moveTo(hub.clock.now() + 60_000);
  await hub.send([{ type: "alias", previousId: "bob", userId: "ann", messageId: "alias" }]);
  customers.ann = await idOf("ann");
  customers.bob = (await mergedInto(customers.ann)) ?? "";
  await hub.close();
});
after(() => hub.database.drop());

const seen = (userId: string, n: number) => ({ type: "track", event: "Seen", userId, messageId: `${userId}-${n}` });

async function idOf(userId: string): Promise<string> {
  const { body } = await hub.call("GET", `/api/customers?q=${userId}`);
  return (body as { customers: { customerId: string }[] }).customers[0]?.customerId ?? "";
}

async function mergedInto(customerId: string): Promise<string | undefined> {
  const { rows } = await db.query<{ id: string }>("select customer_id as id from customer where merged_into = $1", [
    customerId,
  ]);
  return rows[0]?.id;
}

async function take(name: string, owner: string): Promise<Lease> {
  await registerLeases(db, [name]);
  const [lease] = await takeLeases(db, [name], owner, 600, 1);
  assert.ok(lease);
  return lease;
}

const workerOn = (database: Database, lease: Lease) =>
  openPartitionWorker({ db: database, clock: hub.clock, model: hub.scenarios.model, leaseOf: () => lease });

/** A database whose transactions are done, and not yet committed, until they are let go. */
function holding(): { db: Database; held: Promise<void>; letGo: () => void } {
  const [held, gone] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const transaction: Database["transaction"] = (work, durability) =>
    db.transaction(async (tx) => {
      const result = await work(tx);
      held.resolve();
      await gone.promise;
      return result;
    }, durability);
  return { db: { ...db, transaction }, held: held.promise, letGo: gone.resolve };
}

/** Resolves when this round has ended, or waits for a lock of the other's. */
async function endedOrWaiting(round: Promise<unknown>): Promise<void> {
  let hasEnded = false;
  const end = () => {
    hasEnded = true;
  };
  round.then(end, end);
  const waits =
    "select 1 as waits from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
  while (!hasEnded && (await db.query(waits)).rows.length === 0) await new Promise((resolve) => setImmediate(resolve));
}

async function put(lane: number, ...items: InboxItem[]): Promise<void> {
  await insertInbox(db, toInboxRows(items.map((item) => ({ lane, item }))));
}

function anEvent(customerId: string, id: string): InboxItem {
  const [at, claims] = [hub.clock.now(), [{ kind: "customer", value: customerId }]];
  const event = {
    id,
    kind: "track",
    name: "Seen",
    at,
    receivedAt: at,
    claims,
    origin: "server",
    source: "test",
    channel: "web",
  } as const;
  return { kind: "event", customerId, event };
}

async function applyAll(applyOnce: () => Promise<Round>): Promise<void> {
  while ((await applyOnce()).items > 0);
}

/** Profiles that are not what their timelines fold to. */
async function differences(): Promise<unknown[]> {
  return (await rebuildProfiles({ db, model: hub.scenarios.model, now: hub.clock.now }, false)).differences;
}

test("an owner that has lost its lease applies nothing, though what waits is none of what the next owner has taken", async (t) => {
  const partition = partitionOf(customers.ann);
  const name = `partition/${partition}`;
  const lost = await take(name, "old");
  await dropLeases(db, [name], "old");
  const lease = await take(name, "new");
  t.after(() => dropLeases(db, [name], "new"));

  await put(JOURNEY, anEvent(customers.ann, "journey"));
  const stale = holding();
  const round = workerOn(stale.db, lost).applyOnce([partition]);
  await stale.held;
  // A batch that leaves no room for the other, and that is more urgent: the two rounds share a customer, and no row of the queue.
  await put(URGENT, ...Array.from({ length: 500 }, (_, n) => anEvent(customers.ann, `urgent-${n}`)));
  const owner = workerOn(db, lease);
  const own = owner.applyOnce([partition]).catch((fault: Error) => fault.message);
  await endedOrWaiting(own);
  stale.letGo();
  const outcome = await round;
  await own;
  await applyAll(() => owner.applyOnce([partition]));

  assert.deepEqual(await differences(), []);
  assert.equal(outcome.items, 0);
});

test("of two that both believe to own a partition, the second gives up what the first has applied", async () => {
  const partition = partitionOf(customers.ann);
  await resolveUndoneMerge();
  await db.query("truncate inbox");
  await put(HOUSEKEEPING, { kind: "reassign", customerId: customers.ann });

  const lease = await take(`partition/${partition}`, "both");
  const first = holding();
  const firstRound = workerOn(first.db, lease).applyOnce([partition]);
  await first.held;
  await put(URGENT, anEvent(customers.ann, "in-between"));
  const second = workerOn(db, lease);
  const secondRound = second.applyOnce([partition]).catch((fault: Error) => fault.message);
  await endedOrWaiting(secondRound);
  first.letGo();
  assert.equal((await firstRound).items, 1);
  const outcome = await secondRound;

  await applyAll(() => second.applyOnce([partition]));
  const others = partitionOf(customers.bob);
  // One partition in sixty-four is both's, and has been taken.
  const bobs = others === partition ? second : workerOn(db, await take(`partition/${others}`, "bob's"));
  await applyAll(() => bobs.applyOnce([others]));
  assert.deepEqual(await differences(), []);
  assert.equal(outcome, "another worker applied these events");
});

/** Ann and Bob are two again: the resolver says so, and nothing has been moved yet. */
async function resolveUndoneMerge(): Promise<void> {
  hub.clock.moveTo(hub.clock.now() + 60_000);
  const [at, claims] = [hub.clock.now(), [{ kind: "customer", value: customers.ann }]];
  const properties = { from: customers.bob, into: customers.ann };
  const event = { id: "apart", kind: "staff", name: APART, at, receivedAt: at, claims, properties };
  const body = Buffer.from(JSON.stringify([{ ...event, origin: "staff", source: "console", channel: "console" }]));
  const frame = {
    format: "event",
    call: null,
    source: "console",
    origin: "hub",
    idSpace: null,
    frameId: "",
    receivedAt: at,
    lane: 2,
    body,
  } as const;
  await insertIngestBatch(db, new Date(at), 1, packFrames([frame]));
  const lease = await take("resolver/0", "test");
  await loneResolver({ db, clock: hub.clock, lease: () => lease }).resolveOnce();
}
