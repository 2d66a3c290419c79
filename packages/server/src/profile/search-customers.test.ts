import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { searchCustomers } from "./search-customers.ts";
import { openTestHub, type TestHub } from "../test-hub.ts";

let hub: TestHub;
before(async () => {
  hub = await openTestHub();
  await hub.send([
    { type: "identify", userId: "CUST-1001", traits: { email: "Ann@Town.example", name: "Ann Gray" } },
    { type: "identify", userId: "cust-1001", traits: { email: "bo@town.example", name: "Bo Reed" } },
    { type: "identify", userId: "Cust-1002", traits: { email: "cust@town.example", name: "Cust Odd" } },
    { type: "identify", userId: "ЗАКАЗ-7", traits: { name: "Вера" } },
    { type: "identify", userId: "tr-1", traits: { firstName: "İlker", lastName: "Kaya" } },
    { type: "identify", userId: "İD-9", traits: { name: "Odd Id" } },
  ]);
});
after(() => hub.end());

/** Names of all that are found, page by page. */
async function found(asked: string, size = 50): Promise<(string | null)[]> {
  const names: (string | null)[] = [];
  let cursor: string | null = null;
  do {
    const page = await searchCustomers(hub.database.db, asked, cursor ?? undefined, size);
    names.push(...page.customers.map(({ name }) => name));
    cursor = page.cursor;
  } while (cursor);
  return names.toSorted();
}

test("ids, addresses and names are found in any case, as ids of other systems have capitals", async () => {
  assert.deepEqual(await found("CUST-1001"), ["Ann Gray", "Bo Reed"]);
  assert.deepEqual(await found("cust-1001"), ["Ann Gray", "Bo Reed"]);
  assert.deepEqual(await found("ANN@town"), ["Ann Gray"]);
  assert.deepEqual(await found("заказ"), ["Вера"]);
});
test("each is told once, whatever the size of a page, and whatever case its ids have", async () => {
  for (const size of [1, 2, 3, 200])
    assert.deepEqual(await found("cust", size), ["Ann Gray", "Bo Reed", "Cust Odd"], String(size));
});

test("a letter whose lower case programs disagree about is found, as the database alone tells the case", async () => {
  for (const asked of ["İlker", "İl", "ilker", "İLKER"]) assert.deepEqual(await found(asked), ["İlker Kaya"], asked);
  for (const asked of ["İD-9", "id-9"]) assert.deepEqual(await found(asked), ["Odd Id"], asked);
});

test("a search is walked whole though the last one of a page is renamed meanwhile", async () => {
  const walkers = Array.from({ length: 7 }, (_, n) => ({
    type: "identify",
    userId: `w-${n}`,
    traits: { name: "Walker" },
  }));
  await hub.send(walkers);
  const ids: string[] = [];
  let cursor: string | null = null;
  do {
    const page = await searchCustomers(hub.database.db, "walker", cursor ?? undefined, 2);
    ids.push(...page.customers.map(({ customerId }) => customerId));
    cursor = page.cursor;
    const last = ids.length > 0 && cursor ? ids.at(-1) : null;
    await hub.database.db.query("update customer set name = $2 where customer_id = $1", [last, `Zoe ${ids.length}`]);
  } while (cursor);
  assert.equal(new Set(ids).size, walkers.length);
});
