import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { openFakeGateway } from "../channel/index.ts";
import { KEYS, openTestHub, type TestHub } from "../test-hub.ts";

const sms = openFakeGateway("sms");
let hub: TestHub;
let customerId: string;
before(async () => {
  hub = await openTestHub({ gateways: [sms] });
  await hub.send([{ type: "identify", userId: "ann", traits: { phone: "+13125550101" }, messageId: "1" }]);
  const { body } = await hub.call("GET", "/api/customers?q=ann");
  customerId = (body as { customers: { customerId: string }[] }).customers[0]?.customerId ?? "";
});
after(() => hub.end());

function send(key: string | null, more: Record<string, unknown> = {}) {
  return hub.app.inject({
    method: "POST",
    url: "/api/messages",
    headers: { authorization: `Bearer ${KEYS.admin}`, ...(key === null ? {} : { "idempotency-key": key }) },
    payload: { customerId, channel: "sms", purpose: "service", text: "Hello", ...more },
  });
}
const planned = async () =>
  (await hub.database.db.query<{ count: number }>("select count(*) as count from message")).rows[0]?.count ?? 0;

test("a message without a key is refused, and says what is missing", async () => {
  const answer = await send(null);
  assert.deepEqual([answer.statusCode, answer.json<{ type: string }>().type], [400, "idempotency/key-needed"]);
});

test("the same key with the same body answers as before and sends nothing more", async () => {
  const first = await send("same");
  const second = await send("same");
  assert.deepEqual([first.statusCode, second.statusCode], [202, 202]);
  assert.equal(first.body, second.body);
  await hub.idle();
  assert.equal(sms.handedOver.length, 1);
});

test("the same key with another body is 422", async () => {
  const answer = await send("same", { text: "Something else" });
  assert.deepEqual([answer.statusCode, answer.json<{ type: string }>().type], [422, "idempotency/other-body"]);
});

test("twenty of one key at once send one message; the others are told so, or to come back", async () => {
  const before = await planned();
  const answers = await Promise.all(Array.from({ length: 20 }, () => send("at once")));
  assert.equal((await planned()) - before, 1);
  const statuses = new Set(answers.map((answer) => answer.statusCode));
  assert.ok(
    [...statuses].every((status) => status === 202 || status === 409),
    [...statuses].join(),
  );
  const bodies = new Set(answers.filter((answer) => answer.statusCode === 202).map((answer) => answer.body));
  assert.equal(bodies.size, 1);
  for (const answer of answers) if (answer.statusCode === 409) assert.equal(answer.headers["retry-after"], "1");
});

test("after a fault of ours the same key is carried out", async () => {
  const before = await planned();
  await hub.database.db.query("alter table outbox rename to outbox_away");
  const failed = await send("after a fault");
  await hub.database.db.query("alter table outbox_away rename to outbox");
  assert.equal(failed.statusCode, 500);
  assert.ok(!failed.body.includes("outbox"), "an internal name was told");
  assert.equal(await planned(), before);
  assert.equal((await send("after a fault")).statusCode, 202);
  assert.equal(await planned(), before + 1);
});

for (const [what, breaks, mends] of [
  ["of the audit log", "alter table audit rename to audit_away", "alter table audit_away rename to audit"],
  [
    "of what is kept of the answer",
    "alter table idempotency rename column response to away",
    "alter table idempotency rename column away to response",
  ],
] as const) {
  test(`after a fault ${what}, when the message was on its way already, the same key sends no second, and the log has it`, async () => {
    await hub.idle();
    const [before, handedOver] = [await planned(), sms.handedOver.length];
    await hub.database.db.query(breaks);
    assert.equal((await send(`half done ${what}`)).statusCode, 500);
    await hub.database.db.query(mends);
    await hub.idle();
    const again = await send(`half done ${what}`);
    assert.equal(again.statusCode, 202);
    await hub.idle();
    const { rows } = await hub.database.db.query("select 1 from audit where action = 'message.sent' and subject = $1", [
      again.json<{ messageId: string }>().messageId,
    ]);
    assert.ok(rows.length > 0);
    assert.equal(await planned(), before + 1);
    assert.equal(sms.handedOver.length, handedOver + 1);
  });
}

test("after a refusal the same key may be used for what is right", async () => {
  assert.equal((await send("refused", { channel: "pigeon" })).statusCode, 400);
  assert.equal((await send("refused", { channel: "email" })).statusCode, 422);
  assert.equal((await send("refused")).statusCode, 202);
});

test("a key of one caller is not a key of another", async () => {
  // By name it would be the other's.
  const { body } = await hub.call("POST", "/api/keys", { name: "test-admin", scope: "admin" });
  const answer = await hub.app.inject({
    method: "POST",
    url: "/api/messages",
    headers: { authorization: `Bearer ${(body as { secret: string }).secret}`, "idempotency-key": "same" },
    payload: { customerId, channel: "sms", purpose: "service", text: "Of the second" },
  });
  assert.equal(answer.statusCode, 202);
  const { rows } = await hub.database.db.query<{ actors: number }>(
    "select count(distinct actor)::int as actors from audit where action = 'message.sent'",
  );
  assert.deepEqual(rows, [{ actors: 2 }]);
});
