import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import type { Sql } from "../platform/database.ts";
import { openTestHub, type TestHub } from "../test-hub.ts";
import { applyApart } from "./apply-apart.ts";
import type { InboxItem } from "./inbox-item.ts";

/** Items by number, of which some are poison: which are found, in what order the others are applied, and by how many tries. */
async function apartOf(count: number, isPoison: (n: number) => boolean) {
  const items = Array.from({ length: count }, (_, n): InboxItem => ({ kind: "reassign", customerId: String(n) }));
  const statements: string[] = [];
  const tx: Sql = {
    async query(text) {
      statements.push(text);
      return { rows: [], rowCount: 0 };
    },
  };
  const applied: number[] = [];
  const poison = await applyApart(tx, items, async (portion) => {
    const numbers = portion.map(({ customerId }) => Number(customerId));
    if (numbers.some(isPoison)) throw new Error("poison");
    applied.push(...numbers);
  });
  const tries = statements.filter((text) => text.startsWith("savepoint")).length;
  return { found: poison.map(({ item }) => Number(item.customerId)), applied, tries };
}
const numbers = (count: number) => Array.from({ length: count }, (_, n) => n);

test("one of five hundred that cannot be applied is found in eighteen tries, and all others are applied in their order", async () => {
  for (const one of [0, 137, 250, 499]) {
    const { found, applied, tries } = await apartOf(500, (n) => n === one);
    assert.deepEqual(found, [one]);
    assert.deepEqual(
      applied,
      numbers(500).filter((n) => n !== one),
    );
    assert.ok(tries <= 18, `${tries} tries`);
  }
});

test("several are found one by one", async () => {
  const { found, applied } = await apartOf(64, (n) => n === 0 || n === 31 || n === 32 || n === 63);
  assert.deepEqual(found, [0, 31, 32, 63]);
  assert.equal(applied.length, 60);
});

test("where all are poison they are given up after some thirty tries, and where every other one is after a hundred; none is lost", async () => {
  for (const count of [100, 500, 5_000]) {
    const all = await apartOf(count, () => true);
    assert.deepEqual(all.found, numbers(count));
    assert.ok(all.tries <= 30, `${all.tries} tries`);
    const some = await apartOf(count, (n) => n % 2 === 0);
    assert.deepEqual(
      [...some.found, ...some.applied].sort((a, b) => a - b),
      numbers(count),
    );
    assert.ok(some.tries <= 115, `${some.tries} tries`);
  }
});

test("a fault that says nothing against an item is thrown on", async () => {
  const tx: Sql = { query: async () => ({ rows: [], rowCount: 0 }) };
  for (const fault of [
    new Error("another worker wrote these customers"),
    Object.assign(new Error(), { code: "57P01" }),
  ])
    await assert.rejects(
      applyApart(tx, [{ kind: "reassign", customerId: "c" }], () => Promise.reject(fault)),
      fault,
    );
});

let hub: TestHub;
before(async () => {
  hub = await openTestHub();
});
after(() => hub.end());
/** As if the database had a reason of its own against some events. */
const refusePoison = () =>
  hub.database.db.query("alter table event add constraint no_poison check (event_id not like '%poison%') not valid");
const takePoison = () => hub.database.db.query("alter table event drop constraint no_poison");
const letters = async () => {
  const { rows } = await hub.database.db.query<{ id: number; reason: string; body: Buffer }>(
    "select dead_letter_id as id, reason, body from dead_letter where resolved_at is null order by 1",
  );
  return rows.map(({ body, ...letter }) => ({ ...letter, items: JSON.parse(body.toString("utf8")) as InboxItem[] }));
};
const eventsOf = async (userId: string) => {
  const { rows } = await hub.database.db.query<{ n: number }>(
    `select count(*)::int as n from event join identifier using (customer_id) where kind = 'user_id' and value = $1`,
    [userId],
  );
  return rows[0]?.n;
};

test("what the database refuses of one request is one letter, and is applied when the letter is returned once that is mended", async () => {
  await refusePoison();
  const calls = numbers(100).map((n) => ({
    ...{ type: "track", userId: "ann", event: "Seen", messageId: n % 2 ? `poison-${n}` : `good-${n}` },
  }));
  await hub.send(calls);
  const [letter, ...others] = await letters();
  assert.deepEqual(others, []);
  assert.match(letter?.reason ?? "", /^\d+ could not be applied: .*no_poison/);
  assert.equal(letter?.items.length, 100 - ((await eventsOf("ann")) ?? 0));

  await hub.send([{ type: "track", userId: "ann", event: "Seen", messageId: "poison-alone" }]);
  assert.deepEqual(
    (await letters()).map(({ items }) => items.length),
    [letter?.items.length, 1],
  );
  await takePoison();
  const { body } = await hub.call("POST", "/api/dead-letters/return", { before: 1_000 });
  await hub.idle();
  assert.equal((body as { done: number }).done, 2);
  assert.equal(await eventsOf("ann"), 101);
});

test("a letter of an older version, of one item by itself, is returned like any other", async () => {
  const { db } = hub.database;
  await refusePoison();
  await hub.send([{ type: "track", userId: "bob", event: "Seen", messageId: "poison-bob" }]);
  const [letter] = await letters();
  await db.query("update dead_letter set body = $2 where dead_letter_id = $1", [
    letter?.id,
    Buffer.from(JSON.stringify(letter?.items[0])),
  ]);
  await takePoison();
  assert.equal((await hub.call("POST", `/api/dead-letters/${letter?.id}/return`)).status, 204);
  await hub.idle();
  assert.equal(await eventsOf("bob"), 1);
});

test("a timer whose event cannot be applied is set aside, too, and holds up nobody", async () => {
  const { db } = hub.database;
  await hub.scenarios.install({
    ...{ name: "timed", version: "1", title: { en: "Timed" }, expects: { en: "Nothing" }, features: [] },
    ...{ timers: [{ name: "poison", on: ["Begun"], after: "1h" }], policies: [], messages: {} },
  });
  await hub.send([{ type: "track", userId: "eve", event: "Begun", messageId: "eve-1" }]);
  await refusePoison();
  hub.clock.moveTo(hub.clock.now() + 3_700_000);
  await hub.idle();
  await takePoison();
  const [letter] = await letters();
  assert.match(letter?.reason ?? "", /no_poison/);
  assert.deepEqual((await db.query("select 1 from timer")).rows, []);
  await hub.send([{ type: "track", userId: "eve", event: "Seen", messageId: "eve-2" }]);
  assert.equal(await eventsOf("eve"), 2);
});
