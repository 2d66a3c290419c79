import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";

import { type Gateway, type HandoffResult, openFakeGateway } from "../channel/index.ts";
import { partitionOf } from "../partition/index.ts";
import { openTestHub, type TestHub } from "../test-hub.ts";
import { insertDirect } from "./store.ts";

const fake = openFakeGateway("sms");
let answer: HandoffResult = { kind: "accepted", providerId: "1" };
const centre: Gateway = { ...fake, name: "centre", takesKey: false, send: async () => answer };

let hub: TestHub;
let number = 0;
let customerId = "";
let phone = "";
before(async () => {
  hub = await openTestHub({ gateways: [centre] });
});
after(() => hub.end());
beforeEach(async () => {
  phone = `+1312555${String(1_000 + number++)}`;
  await hub.send([{ type: "identify", userId: phone, traits: { phone }, messageId: phone }]);
  const { rows } = await hub.database.db.query<{ customerId: string }>(
    `select customer_id as "customerId" from identifier where kind = 'user_id' and value = $1`,
    [phone],
  );
  customerId = rows[0]?.customerId ?? "";
});

/** A text that the centre answers so; the name of the message. */
async function text(result: HandoffResult): Promise<string> {
  answer = result;
  const [messageId, now] = [crypto.randomUUID(), hub.clock.now()];
  await insertDirect(hub.database.db, {
    ...{ partition: partitionOf(customerId), customerId, messageId, lane: 1, channel: "sms", purpose: "service" },
    ...{ address: phone, at: new Date(now), expiresAt: new Date(now + 86_400_000) },
    body: { kind: "direct", policy: null, mustSend: false, locale: "en", subject: null, text: "News" },
  });
  for (const sender of hub.senders) sender.wake();
  await hub.idle();
  hub.clock.moveTo(now + 1_000);
  return messageId;
}
type Said = { id: string; status: "delivered" | "failed"; numbers?: string[]; isOptedOut?: boolean };
async function receipt({ id, ...said }: Said): Promise<void> {
  const reason = said.status === "failed" ? "UNDELIV" : null;
  const touch = { kind: "receipt", gateway: "centre", providerId: id, key: null, reason, at: hub.clock.now() } as const;
  await hub.hear([{ ...touch, ...said }]);
  await hub.idle();
}
const told = async (messageId: string) => {
  const { rows } = await hub.database.db.query<{ said: string }>(
    `select concat_ws(': ', status, detail->>'reason') as said from message_status
      where message_id = $1 and status in ('delivered', 'failed', 'suppressed') order by 1`,
    [messageId],
  );
  return rows.map(({ said }) => said);
};
const closed = async () =>
  (await hub.database.db.query<{ row: string }>("select cause || '/' || scope as row from suppression")).rows;

test("a receipt names its message in another base, in another case, and without its noughts", async () => {
  for (const [taken, named] of [
    ["1a2b3c", "1715004"],
    ["2715004", "296D7C"],
    ["00C0FFEE", "c0ffee"],
    ["0000004711", "4711"],
  ] as const) {
    const messageId = await text({ kind: "accepted", providerId: taken });
    await receipt({ id: named, status: "delivered", numbers: [phone] });
    assert.deepEqual(await told(messageId), ["delivered"], named);
  }
});

test("an id that the centre uses again is of the message to the number that the receipt names, else of the newest", async () => {
  const [first, to] = [await text({ kind: "accepted", providerId: "77" }), phone];
  phone = "+13125559999";
  const second = await text({ kind: "accepted", providerId: "77" });
  await receipt({ id: "77", status: "failed", numbers: [to] });
  assert.deepEqual([await told(first), await told(second)], [["failed: UNDELIV"], []]);
  await receipt({ id: "77", status: "delivered" });
  assert.deepEqual(await told(second), ["delivered"]);
});

test("another message's id in another base is not taken for this one's where the number differs", async () => {
  const messageId = await text({ kind: "accepted", providerId: "1f" });
  await receipt({ id: "31", status: "delivered", numbers: ["+13125550000"] });
  assert.deepEqual(await told(messageId), []);
});

test("a message in parts is delivered with its last part, and has failed with any", async () => {
  const whole = await text({ kind: "accepted", providerId: "a3", partIds: ["a1", "A2", "a3"] });
  for (const id of ["a3", "a1"]) await receipt({ id, status: "delivered" });
  assert.deepEqual(await told(whole), []);
  await receipt({ id: "a2", status: "delivered" });
  assert.deepEqual(await told(whole), ["delivered"]);

  const torn = await text({ kind: "accepted", providerId: "b2", partIds: ["b1", "b2"] });
  for (const id of ["b1", "b1"]) await receipt({ id, status: "failed" });
  await receipt({ id: "b2", status: "delivered" });
  assert.deepEqual(await told(torn), ["failed: part 1 of 2: UNDELIV"]);
});

test("a number that has opted out at the provider is closed here, by its refusal and by its receipt, until a START", async () => {
  const start = { kind: "reply", gateway: "centre", channel: "sms", to: "+13125550100", text: "START" } as const;
  const refused = await text({ kind: "refused", reason: "opted-out", detail: "code 21610" });
  assert.deepEqual([await told(refused), await closed()], [["suppressed: opted-out"], [{ row: "opt-out/all" }]]);
  await hub.hear([{ ...start, from: phone, inReplyToKey: null, at: hub.clock.now(), id: "start" }]);
  assert.deepEqual(await closed(), []);

  await text({ kind: "accepted", providerId: "d1" });
  await receipt({ id: "d1", status: "failed", isOptedOut: true });
  assert.deepEqual(await closed(), [{ row: "opt-out/all" }]);
  const later = await text({ kind: "accepted", providerId: "d2" });
  assert.deepEqual(await told(later), ["suppressed: provider: UNDELIV"]);
});

test("an address that the provider knows to be dead is closed", async () => {
  await hub.database.db.query("delete from suppression");
  await text({ kind: "refused", reason: "bad-address", detail: "550 5.1.1", isDead: true });
  await text({ kind: "refused", reason: "mailbox-full", detail: "552 5.2.2" });
  assert.deepEqual(await closed(), [{ row: "bounce/all" }]);
});
