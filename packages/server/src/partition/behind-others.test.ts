import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { type Lease, registerLeases, takeLeases } from "../platform/lease/store.ts";
import { openTestHub, type TestHub } from "../test-hub.ts";
import { partitionOf } from "./inbox-item.ts";
import { openPartitionWorker, type PartitionWorker } from "./partition-worker.ts";
import { rebuildProfiles } from "./rebuild.ts";
import { acceptCalls, loneResolver } from "../identity/lone-resolver.ts";

/** A hub whose own loops have ended: the test turns each stage by hand. */
let hub: TestHub;
let worker: PartitionWorker;
let resolve: () => Promise<unknown>;
/** Two customers of one partition. */
const customers = { hot: "", near: "" };
let nearUser = "";
before(async () => {
  hub = await openTestHub();
  await hub.send([seen("hot", "hot-first")]);
  customers.hot = await idOf("hot");
  for (let n = 0; customers.near === ""; n++) {
    await hub.send([seen(`near-${n}`, `near-${n}-first`)]);
    const id = await idOf(`near-${n}`);
    if (partitionOf(id) !== partitionOf(customers.hot)) continue;
    nearUser = `near-${n}`;
    customers.near = id;
  }
  await hub.close();
  const { db } = hub.database;
  const partition = partitionOf(customers.hot);
  const names = ["resolver/0", `partition/${partition}`];
  await registerLeases(db, names);
  await db.query("update lease set expires_at = now() - interval '1 minute'");
  const leases = await takeLeases(db, names, "test", 600, 2);
  const leaseOf = (name: string): Lease => leases.find((one) => one.name === name) as Lease;
  worker = openPartitionWorker({
    db,
    clock: hub.clock,
    model: hub.scenarios.model,
    leaseOf: () => leaseOf(`partition/${partition}`),
  });
  const resolver = loneResolver({ db, clock: hub.clock, lease: () => leaseOf("resolver/0") });
  resolve = () => resolver.resolveOnce();
});
after(() => hub.database.drop());

const seen = (userId: string, messageId: string) => ({ type: "track", event: "Seen", userId, messageId });
async function idOf(userId: string): Promise<string> {
  const { rows } = await hub.database.db.query<{ id: string }>(
    "select customer_id as id from identifier where kind = 'user_id' and value = $1",
    [userId],
  );
  return rows[0]?.id ?? "";
}
const accept = (batch: object[]) => acceptCalls(hub.database.db, batch, hub.clock.now());
async function applied(customerId: string): Promise<number> {
  const { rows } = await hub.database.db.query<{ n: number }>(
    "select count(*)::int as n from event where customer_id = $1",
    [customerId],
  );
  return rows[0]?.n ?? 0;
}
const applyOnce = () => worker.applyOnce([partitionOf(customers.hot)]);

test("neighbours of a customer with thousands of events are applied first, and all of its own in the end, once each", async () => {
  await accept(Array.from({ length: 3_000 }, (_, n) => seen("hot", `hot-${n}`)));
  await accept([seen(nearUser, "near-late")]);
  await resolve();
  await accept([seen(nearUser, "near-later")]);
  await resolve();
  await applyOnce();

  assert.equal(await applied(customers.near), 3);
  const early = await applied(customers.hot);
  assert.ok(early < 500, `${early} of the hot customer's were applied with them`);
  while ((await applyOnce()).items > 0);
  assert.equal(await applied(customers.hot), 3_001);
});

test("a merge takes along what waits in the last lane: nothing stays behind on the timeline that ends", async () => {
  await accept(Array.from({ length: 700 }, (_, n) => seen("hot", `again-${n}`)));
  await resolve();
  await accept([{ type: "alias", previousId: "hot", userId: nearUser, messageId: "joined" }]);
  await resolve();
  while ((await applyOnce()).items > 0);

  const { rows } = await hub.database.db.query<{ id: string; n: number }>(
    "select customer_id as id, count(*)::int as n from event where customer_id = any($1::uuid[]) group by 1",
    [[customers.hot, customers.near]],
  );
  assert.deepEqual(
    rows.map(({ n }) => n),
    [3_001 + 700 + 3 + 1],
  );
  const { model } = hub.scenarios;
  const checked = await rebuildProfiles({ db: hub.database.db, model, now: hub.clock.now }, false);
  assert.deepEqual(checked.differences, []);
});
