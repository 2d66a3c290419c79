import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Event } from "@rapport/contract/event";

import { openFakeGateway } from "../channel/index.ts";
import { keepEvents } from "../message/index.ts";
import { rebuildCommand, rebuildProfiles } from "../partition/index.ts";
import { openTestHub, type TestHub } from "../test-hub.ts";
import { aSmallPack } from "./a-small-pack.ts";

const sms = openFakeGateway("sms");
let hub: TestHub;
before(async () => {
  hub = await openTestHub({ gateways: [sms] });
  await hub.scenarios.install(aSmallPack);
});
after(() => hub.end());

async function idOf(identifier: string): Promise<string> {
  const { body } = await hub.call("GET", `/api/customers?q=${encodeURIComponent(identifier)}`);
  const { customers } = body as { customers: { customerId: string }[] };
  assert.equal(customers.length, 1, `${identifier} is ${customers.length} customers`);
  return customers[0]?.customerId ?? "";
}

const TABLES = {
  event: "event_id, at, body::json",
  decision: "decision_id, at, policy, outcome, action, record::json",
  message: "message_id, decision_id, channel, address, planned_at, body",
  message_status: "message_id, status, at, detail",
};

/** Everything that is kept of a customer, as text: the profile, and the rows of each table. */
async function everythingOf(customerId: string, except: string[] = []) {
  const rows = async (table: string, columns: string) => {
    const { rows: found } = await hub.database.db.query<{ row: string }>(
      `select row_to_json(t)::text as row from (select ${columns} from ${table} where customer_id = $1) t order by 1`,
      [customerId],
    );
    return found.map((one) => one.row).filter((row) => !except.some((name) => row.includes(`"name":"${name}"`)));
  };
  const tables = Object.entries(TABLES).map(async ([table, columns]) => [table, await rows(table, columns)] as const);
  return Object.fromEntries(await Promise.all(tables));
}

async function profileOf(customerId: string): Promise<Record<string, unknown>> {
  const { rows } = await hub.database.db.query<{ state: Record<string, unknown>; merged: string | null }>(
    "select state::json, merged_into as merged from customer where customer_id = $1",
    [customerId],
  );
  assert.equal(rows[0]?.merged, null);
  return rows[0]?.state ?? {};
}

const life = (userId: string, phone: string) => [
  { type: "identify", userId, traits: { name: `Name ${userId}`, phone, plan: userId }, messageId: `${userId}-1` },
  { type: "track", userId, event: "Seen", properties: { amount: 3, item: "a" }, messageId: `${userId}-2` },
  {
    type: "track",
    userId,
    anonymousId: `${userId}-browser`,
    event: "Seen",
    properties: { amount: 4, item: "b" },
    messageId: `${userId}-3`,
  },
  { type: "track", userId, event: "Ordered", properties: { item: "b" }, messageId: `${userId}-4` },
];

test("a merge brings timelines, decisions and messages together, and its undo sets each apart exactly as it was", async () => {
  await hub.send([...life("ann", "+13125550101"), ...life("bob", "+13125550102")]);
  const [ann, bob] = [await idOf("ann"), await idOf("bob")];
  const before = { ann: await everythingOf(ann), bob: await everythingOf(bob) };
  const profiles = { ann: await profileOf(ann), bob: await profileOf(bob) };
  assert.equal(before.ann.message?.length, 1);
  assert.equal(before.ann.message_status?.length, 2);
  assert.equal(before.ann.decision?.length, 1);

  hub.clock.moveTo(hub.clock.now() + 60_000);
  await hub.send([{ type: "alias", previousId: "bob", userId: "ann", messageId: "alias" }]);
  const one = await idOf("ann");
  assert.equal(await idOf("bob"), one);
  const whole = await everythingOf(one, ["alias"]);
  for (const table of Object.keys(TABLES))
    assert.deepEqual(whole[table], [...(before.ann[table] ?? []), ...(before.bob[table] ?? [])].sort(), table);
  const other = one === ann ? bob : ann;
  assert.deepEqual((await hub.call("GET", `/api/customers/${other}`)).body, {
    ...((await hub.call("GET", `/api/customers/${other}`)).body as object),
    mergedInto: one,
    events: 0,
  });

  hub.clock.moveTo(hub.clock.now() + 60_000);
  assert.equal((await hub.call("POST", `/api/customers/${one}/unmerge`, { from: other })).status, 202);
  await hub.idle();
  const news = ["alias", "identity.apart"];
  assert.deepEqual({ ann: await everythingOf(ann, news), bob: await everythingOf(bob, news) }, before);
  const after = { ann: await profileOf(ann), bob: await profileOf(bob) };
  // The alias and the undo were said by or about one of the two, and count for it; they change nothing else.
  const counted = { events: 0, lastSeenAt: 0, lastTouch: 0 };
  assert.deepEqual({ ...after.ann, ...counted }, { ...profiles.ann, ...counted });
  assert.deepEqual({ ...after.bob, ...counted }, { ...profiles.bob, ...counted });
});

test("after an undone merge the events of each go to the right one, and nothing said again joins them", async () => {
  const [ann, bob] = [await idOf("ann"), await idOf("bob")];
  const count = async (id: string) => (await profileOf(id)).events as number;
  const before = [await count(ann), await count(bob)];
  await hub.send([
    { type: "track", userId: "ann", event: "Seen", messageId: "later-1" },
    { type: "track", anonymousId: "bob-browser", event: "Seen", messageId: "later-2" },
    { type: "track", userId: "bob", anonymousId: "bob-browser", event: "Seen", messageId: "later-3" },
    { type: "identify", userId: "bob", traits: { phone: "+13125550101" }, messageId: "later-4" },
  ]);
  assert.deepEqual([await idOf("ann"), await idOf("bob")], [ann, bob]);
  assert.deepEqual([await count(ann), await count(bob)], [(before[0] ?? 0) + 1, (before[1] ?? 0) + 3]);
});

test("a merge that was not one cannot be undone", async () => {
  const ann = await idOf("ann");
  const answer = await hub.call("POST", `/api/customers/${ann}/unmerge`, {
    from: "00000000-0000-4000-8000-000000000009",
  });
  assert.equal(answer.status, 404);
});

const messagesOf = async (customerId: string): Promise<string[]> => {
  const { rows } = await hub.database.db.query<{ id: string }>(
    "select message_id as id from message where customer_id = $1 order by 1",
    [customerId],
  );
  return rows.map(({ id }) => id);
};
const unmerge = async (into: string, from: string): Promise<void> => {
  assert.equal((await hub.call("POST", `/api/customers/${into}/unmerge`, { from })).status, 202);
  await hub.idle();
};

test("an undone merge leaves a customer its messages and decisions, whatever a browser or the server said of their numbers", async () => {
  await hub.send(life("cid", "+13125550103"));
  const cid = await idOf("cid");
  hub.clock.moveTo(hub.clock.now() + 10_000);
  await hub.send([{ type: "page", anonymousId: "cid-other", messageId: "cid-page" }], "browser");
  const visitor = await idOf("cid-other");
  await hub.send([{ type: "identify", userId: "cid", anonymousId: "cid-other", messageId: "cid-linked" }]);
  assert.equal(await idOf("cid-other"), cid);
  const before = await everythingOf(cid);
  const [messageId] = await messagesOf(cid);
  const { rows } = await hub.database.db.query<{ id: string }>(
    "select decision_id as id from decision where customer_id = $1",
    [cid],
  );
  const properties = { messageId, decisionId: rows[0]?.id };
  assert.ok(properties.messageId && properties.decisionId);
  for (const by of ["browser", "write"] as const)
    await hub.send([{ type: "track", anonymousId: "cid-other", event: "Seen", properties, messageId: by }], by);

  await unmerge(cid, visitor);
  assert.equal(await idOf("cid-other"), visitor);
  const after = await everythingOf(cid);
  for (const table of ["message", "message_status", "decision"]) assert.deepEqual(after[table], before[table], table);
});

test("of two of one household each keeps its own messages, though each was told of the other's", async () => {
  await hub.send([...life("dan", "+13125550104"), ...life("eve", "+13125550105")]);
  const [dan, eve] = [await idOf("dan"), await idOf("eve")];
  const before = [await messagesOf(dan), await messagesOf(eve)];
  const at = hub.clock.now();
  const told = (customerId: string, messageId = ""): Event => ({
    ...{ id: `${messageId}/household/${customerId}`, kind: "message", name: "message.household", at, receivedAt: at },
    ...{ claims: [{ kind: "customer", value: customerId }], origin: "hub", source: "hub", channel: "hub" },
    properties: { messageId, household: "elm-9", channel: "sms", purpose: "marketing" },
  });
  await hub.database.db.transaction((tx) => keepEvents(tx, [told(dan, before[1]?.[0]), told(eve, before[0]?.[0])]));
  await hub.idle();

  hub.clock.moveTo(at + 60_000);
  await hub.send([{ type: "alias", previousId: "eve", userId: "dan", messageId: "one-of-two" }]);
  const one = await idOf("dan");
  assert.equal((await messagesOf(one)).length, 2);
  await unmerge(one, one === dan ? eve : dan);
  assert.deepEqual([await messagesOf(dan), await messagesOf(eve)], before);
});

test("every profile is the fold of its customer's events, and one that is not is found and mended", async () => {
  const parts = { db: hub.database.db, model: hub.scenarios.model, now: hub.clock.now };
  const checked = await rebuildProfiles(parts, false);
  assert.deepEqual(checked.differences, []);
  assert.ok(checked.customers >= 2);

  const ann = await idOf("ann");
  await hub.database.db.query(
    `update customer set state = jsonb_set(state::jsonb, '{events}', '99') where customer_id = $1`,
    [ann],
  );
  const said: string[] = [];
  assert.equal(await rebuildCommand(["--check"], (line) => said.push(line), parts), 1);
  assert.equal(said[0], `${ann}: events`);
  assert.equal(await rebuildCommand(["--repair"], () => undefined, parts), 0);
  assert.equal(await rebuildCommand(["--check"], () => undefined, parts), 0);
  assert.equal(await rebuildCommand([], () => undefined, parts), 2);
});
