import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { openTestHub, type TestHub } from "./test-hub.ts";

let hub: TestHub;
before(async () => {
  hub = await openTestHub();
});
after(() => hub.end());

type Found = { customers: { customerId: string; name: string | null; events: number }[] };
const search = async (q: string) =>
  ((await hub.call("GET", `/api/customers?q=${encodeURIComponent(q)}`)).body as Found).customers;

test("an event over HTTP becomes a customer with a timeline", async () => {
  await hub.send([
    { type: "identify", userId: "ann", traits: { email: "Ann@Example.org", name: "Ann Lee" }, messageId: "1" },
    { type: "track", userId: "ann", event: "Order placed", properties: { total: 12 }, messageId: "2" },
  ]);
  const [ann] = await search("ann@example");
  assert.equal(ann?.name, "Ann Lee");
  const { body } = await hub.call("GET", `/api/customers/${ann?.customerId}/timeline`);
  assert.deepEqual((body as { events: { name: string }[] }).events.map((event) => event.name).sort(), [
    "Order placed",
    "identify",
  ]);
});

test("the same message id counts once, however often it is sent", async () => {
  const call = { type: "track", userId: "bob", event: "Seen", messageId: "same" };
  await hub.send([call, call]);
  await hub.send([call]);
  assert.equal((await search("bob"))[0]?.events, 1);
});
