import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { after, before, test } from "node:test";

import { openTestHub, type TestHub, TWILIO_TOKEN } from "../test-hub.ts";
import { openFakeGateway } from "./fake-gateway.ts";

const sms = openFakeGateway("sms");
let hub: TestHub;
before(async () => {
  hub = await openTestHub({ gateways: [sms] });
});
after(() => hub.end());

const signatureOf = (path: string, fields: Record<string, string>, token = TWILIO_TOKEN) => {
  const sorted = Object.keys(fields)
    .sort()
    .map((name) => name + fields[name])
    .join("");
  return createHmac("sha1", token).update(`https://hub.example${path}${sorted}`).digest("base64");
};

async function post(path: string, fields: Record<string, string>, signature = signatureOf(path, fields)) {
  const answer = await hub.app.inject({
    method: "POST",
    url: path,
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      "x-twilio-signature": signature,
      host: "proxy.internal",
    },
    payload: new URLSearchParams(fields).toString(),
  });
  await hub.idle();
  return answer;
}

const aText = (sid: string, text: string, from = "+13125550101") => ({
  MessageSid: sid,
  From: from,
  To: "+13125550100",
  Body: text,
});
const INBOUND = "/gateways/twilio/inbound";
const suppressed = async () => (await hub.database.db.query("select 1 from suppression")).rows.length;

const forged: [what: string, forge: (right: string) => string][] = [
  ["no signature", () => ""],
  ["a signature cut short", (right) => right.slice(0, 12)],
  ["one too long", (right) => right + right],
  ["one of another secret", () => signatureOf(INBOUND, aText("SM0", "STOP"), "another")],
  ["one of another address", () => signatureOf("/gateways/twilio/status", aText("SM0", "STOP"))],
  ["one that is no base64", () => "!!!!"],
];
for (const [what, forge] of forged) {
  test(`a STOP with ${what} is 401 and has no effect`, async () => {
    const fields = aText("SM0", "STOP");
    const answer = await post(INBOUND, fields, forge(signatureOf(INBOUND, fields)));
    assert.equal(answer.statusCode, 401);
    assert.match(String(answer.headers["content-type"]), /problem\+json/);
    assert.equal(await suppressed(), 0);
  });
}

test("a signed STOP suppresses before it is acknowledged, and is confirmed once in the same language of the company", async () => {
  const answer = await post(INBOUND, aText("SM1", "Stop."));
  assert.deepEqual([answer.statusCode, answer.body], [200, "<Response/>"]);
  assert.equal(await suppressed(), 1);
  assert.deepEqual(
    sms.handedOver.map((one) => [one.to, /START/.test(one.content.text)]),
    [["+13125550101", true]],
  );
});

test("an old START or STOP that is sent again undoes nothing that was said since", async () => {
  hub.clock.moveTo(hub.clock.now() + 600_000);
  await post(INBOUND, aText("SM2", "START"));
  assert.equal(await suppressed(), 0);
  await post(INBOUND, aText("SM1", "Stop."));
  assert.equal(await suppressed(), 0);
  hub.clock.moveTo(hub.clock.now() + 600_000);
  await post(INBOUND, aText("SM3", "STOP"));
  await post(INBOUND, aText("SM2", "START"));
  assert.equal(await suppressed(), 1);
});

test("a signed START that is sent again with its form parted elsewhere is heard once", async () => {
  hub.clock.moveTo(hub.clock.now() + 600_000);
  const text = aText("SM4", "START", "+13125550104");
  const whole = { ...text, NumMedia: "0" };
  const parted = { ...text, MessageSid: "SM4NumMedia0" };
  const others = await suppressed();
  await post(INBOUND, whole);
  hub.clock.moveTo(hub.clock.now() + 600_000);
  await post(INBOUND, aText("SM5", "STOP", "+13125550104"));
  assert.equal(await suppressed(), others + 1);
  hub.clock.moveTo(hub.clock.now() + 600_000);
  assert.equal((await post(INBOUND, parted, signatureOf(INBOUND, whole))).statusCode, 200, "it is signed");
  assert.equal(await suppressed(), others + 1);
});

test("a status moves its message on, and one for a message that is not ours is taken in quietly", async () => {
  await hub.send([{ type: "identify", userId: "bea", traits: { phone: "+13125550102" }, messageId: "bea-1" }]);
  const { body } = await hub.call("GET", "/api/customers?q=bea");
  const customerId = (body as { customers: { customerId: string }[] }).customers[0]?.customerId;
  const sent = await hub.app.inject({
    method: "POST",
    url: "/api/messages",
    headers: { authorization: "Bearer rk_admin_test_admin_key", "idempotency-key": "1" },
    payload: { customerId, channel: "sms", purpose: "service", text: "Hello" },
  });
  await hub.idle();
  const { messageId } = sent.json<{ messageId: string }>();
  const key = sms.handedOver.at(-1)?.key ?? "";
  const path = `/gateways/twilio/status?key=${encodeURIComponent(key)}`;
  assert.equal((await post(path, { MessageSid: "SM9", MessageStatus: "delivered" })).statusCode, 204);
  assert.equal(
    (await post("/gateways/twilio/status", { MessageSid: "SMx", MessageStatus: "delivered" })).statusCode,
    204,
  );
  const { rows } = await hub.database.db.query<{ status: string }>(
    "select status from message_status where message_id = $1 order by at, status",
    [messageId],
  );
  assert.deepEqual(rows.map((row) => row.status).sort(), ["delivered", "planned", "sent"]);
});

test("what is no form is refused, whatever it is signed with", async () => {
  for (const [type, payload] of [
    ["application/json", "{}"],
    ["text/plain", "x"],
  ] as const) {
    const headers = { "content-type": type, "x-twilio-signature": signatureOf(INBOUND, {}) };
    const answer = await hub.app.inject({ method: "POST", url: INBOUND, headers, payload });
    assert.equal(answer.statusCode, 415);
  }
});
