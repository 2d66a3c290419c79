import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { openTestHub, type TestHub } from "../test-hub.ts";

const HOUR = 3_600_000;
let hub: TestHub;
before(async () => {
  hub = await openTestHub();
  await hub.scenarios.install({
    name: "baskets",
    version: "1",
    title: { en: "Baskets" },
    expects: { en: "Nothing" },
    features: [],
    timers: [{ name: "basket left", on: ["Product Added"], after: "2h", until: ["Order Completed"] }],
    policies: [],
    messages: {},
  });
});
after(() => hub.end());

async function namesOf(userId: string): Promise<string[]> {
  const { body } = await hub.call("GET", `/api/customers?q=${userId}`);
  const id = (body as { customers: { customerId: string }[] }).customers[0]?.customerId;
  const { body: timeline } = await hub.call("GET", `/api/customers/${id}/timeline`);
  return (timeline as { events: { name: string }[] }).events.map((event) => event.name);
}
const moveOn = async (ms: number) => {
  hub.clock.moveTo(hub.clock.now() + ms);
  await hub.idle();
};
const track = (userId: string, event: string, messageId: string) => ({ type: "track", userId, event, messageId });

test("a timer fires once, when its time has come, as an event of its name", async () => {
  await hub.send([track("timed-ann", "Product Added", "t1")]);
  await moveOn(HOUR);
  assert.deepEqual(await namesOf("timed-ann"), ["Product Added"]);
  await moveOn(HOUR);
  await moveOn(HOUR);
  assert.deepEqual(await namesOf("timed-ann"), ["basket left", "Product Added"]);
});

test("a timer does not fire when what it waited for has come", async () => {
  await hub.send([track("timed-bob", "Product Added", "t2")]);
  await hub.send([track("timed-bob", "Order Completed", "t3")]);
  await moveOn(3 * HOUR);
  assert.ok(!(await namesOf("timed-bob")).includes("basket left"));
});

test("a timer set again fires once, at the later time", async () => {
  await hub.send([track("timed-eve", "Product Added", "t4")]);
  await moveOn(HOUR);
  await hub.send([track("timed-eve", "Product Added", "t5")]);
  await moveOn(HOUR);
  assert.ok(!(await namesOf("timed-eve")).includes("basket left"));
  await moveOn(HOUR);
  assert.equal((await namesOf("timed-eve")).filter((name) => name === "basket left").length, 1);
});
