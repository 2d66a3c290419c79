import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import type { Discarded, Pulse } from "@rapport/contract/api";

import { openFakeGateway } from "../../channel/index.ts";
import { openTestHub, type TestHub } from "../../test-hub.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Reached by the last of so many messages, and not before: when it is looked at meanwhile makes no difference. */
const FLOOR = 20;

const action = (name: string, purpose: string) => ({
  name,
  title: name,
  purpose,
  class: "must-send",
  success: 1,
  valueToCompany: 1,
  valueToCustomer: 1,
  templates: { sms: "hello" },
});
const policy = (name: string, purpose: string, contact: object = {}) => ({
  name,
  version: "1",
  title: { en: `All about ${name}` },
  on: [name],
  currency: "USD",
  channels: { sms: { cost: 0.01 } },
  mustSendCap: { limit: 1_000_000, window: "24h" },
  surge: { atLeast: FLOOR },
  contact: { consent: { service: { default: "opt-out", source: "contract", since: "2026-01-01" } }, ...contact },
  actions: [action(`say ${name}`.replace(" ", "-"), purpose)],
});
const aPack = {
  name: "much",
  version: "1",
  title: { en: "Much" },
  expects: { en: "Nothing." },
  features: [],
  policies: [policy("tip", "service"), policy("other", "service"), policy("flood", "life-safety")],
  messages: { hello: { sms: { en: { text: "Hello from {{ event.name }}." } } } },
};

let hub: TestHub;
const sms = openFakeGateway("sms");
beforeEach(async () => {
  sms.handedOver.length = 0;
  hub = await openTestHub({ gateways: [sms] });
  await hub.scenarios.install(aPack);
});
afterEach(() => hub.end());

let said = 0;
/** So many different people give the policy a cause to write. */
async function happens(event: string, people: number): Promise<void> {
  const calls = Array.from({ length: people }, (_, n) => ({
    type: "track",
    userId: `person-${n}`,
    event,
    messageId: `said-${said++}`,
    context: { traits: { phone: `+1312555${String(1_000 + n)}` } },
  }));
  await hub.send([
    ...calls.map(({ userId, context: { traits } }) => ({
      type: "identify",
      userId,
      traits,
      messageId: `who-${said++}`,
    })),
    ...calls,
  ]);
}
const texts = (event: string) => sms.handedOver.filter(({ content }) => content.text.includes(event)).length;
const paused = async () => ((await hub.call("GET", "/api/pulse")).body as Pulse).paused;
const audited = async () =>
  (
    await hub.database.db.query<{ action: string }>("select action from audit where subject = 'tip' order by position")
  ).rows.map((row) => row.action);
const ends = async () =>
  (
    await hub.database.db.query<{ status: string; reason: string; count: number }>(
      `select status, detail->>'reason' as reason, count(*)::int as count from message_status
        where status not in ('planned', 'sent') group by 1, 2 order by 1, 2`,
    )
  ).rows.map(({ status, reason, count }) => [status, reason, count]);

test("a policy that writes to more than ten times as many people as ever is paused, and what it writes then waits", async () => {
  await happens("tip", 3);
  hub.clock.moveTo(hub.clock.now() + 2 * DAY);
  await happens("tip", 31);
  const since = hub.clock.now();
  await happens("tip", 7);

  assert.equal(texts("tip"), 34);
  assert.deepEqual(await paused(), [{ policy: "tip", since, sent: 31, most: 3, waiting: 7 }]);
  await happens("other", 5);
  assert.equal(texts("other"), 5, "another policy goes on");
});

test("ten times as many as ever is still allowed, and so is anything below the floor", async () => {
  await happens("tip", 3);
  hub.clock.moveTo(hub.clock.now() + 2 * DAY);
  await happens("tip", 30);
  await happens("other", FLOOR - 1);

  assert.deepEqual(await paused(), []);
});

test("what was sent within the twenty-four hours themselves is no past that excuses them", async () => {
  for (let hour = 0; hour < 6; hour++) {
    await happens("tip", 4);
    hub.clock.moveTo(hub.clock.now() + HOUR);
  }
  assert.deepEqual(
    (await paused()).map(({ sent, most }) => [sent, most]),
    [[FLOOR, 0]],
  );
});

test("life safety is neither counted nor held", async () => {
  await happens("flood", 50);
  await happens("flood", 50);
  assert.deepEqual([texts("flood"), await paused()], [100, []]);
});

test("what is held is sent when a manager resumes, once, and the level it was paused at counts as usual", async () => {
  await happens("tip", FLOOR);
  await happens("tip", 7);
  assert.equal(texts("tip"), FLOOR);
  assert.equal((await hub.call("POST", "/api/policies/tip/resume")).status, 204);
  await hub.idle();

  assert.equal(texts("tip"), 27);
  await happens("tip", 173);
  assert.equal(texts("tip"), 200);
  await happens("tip", 1);
  await happens("tip", 5);
  assert.equal(texts("tip"), 201, "more than ten times 20: paused again");
  assert.deepEqual(
    (await hub.database.db.query("select sent, most from policy_pause order by pause_id")).rows.map(Object.values),
    [
      [20, 0],
      [201, 20],
    ],
  );
  assert.deepEqual(await audited(), ["policy.resumed"]);
  assert.equal((await hub.call("POST", "/api/policies/other/resume")).status, 409);
});

test("that a held message was claimed is no try, so that a fault after it is resumed does not end it", async () => {
  await happens("tip", FLOOR);
  await happens("tip", 7);
  const { rows } = await hub.database.db.query("select distinct attempt, state from outbox");
  assert.deepEqual(rows, [{ attempt: 0, state: "waiting" }]);
});

test("what is held ends as expired when its time is over, and nothing of it is lost", async () => {
  await happens("tip", FLOOR);
  await happens("tip", 7);
  const { rows } = await hub.database.db.query<{ last: Date }>("select max(expires_at) as last from outbox");
  hub.clock.moveTo((rows[0]?.last.getTime() ?? 0) + 1);
  await hub.idle();

  assert.deepEqual(await ends(), [["expired", "nobody wants it any more", 7]]);
  assert.equal(texts("tip"), FLOOR);
});

test("what waits can be discarded, also what is planned for later; the policy stays paused", async () => {
  await happens("tip", FLOOR);
  await happens("tip", 7);
  await hub.database.db.query(
    `update outbox set held_for = null, not_before = expires_at - interval '1 minute'
      where message_id in (select message_id from outbox limit 2)`,
  );
  const answer = (await hub.call("POST", "/api/policies/tip/discard")).body as Discarded;
  await hub.idle();

  assert.deepEqual(answer, { discarded: 7, isDone: true });
  assert.deepEqual(await ends(), [["suppressed", "policy-paused", 7]]);
  assert.deepEqual(await audited(), ["policy.discarded"]);
  assert.deepEqual(
    (await paused()).map(({ waiting }) => waiting),
    [0],
  );
  assert.equal((await hub.call("POST", "/api/policies/other/discard")).status, 409);
});

test("a message that a process held because it had not heard of the resumption is let go of", async () => {
  await happens("tip", 1);
  await hub.database.db.query(
    `insert into outbox (partition, customer_id, message_id, lane, channel, purpose, address, not_before, expires_at, body, held_for)
     select partition, customer_id, gen_random_uuid(), lane, channel, purpose, address, $1::timestamptz + interval '1 day', $1::timestamptz + interval '1 day',
            json_build_object('kind', 'direct', 'policy', null, 'mustSend', true, 'locale', 'en', 'subject', null, 'text', 'held'), 'tip' from message limit 1`,
    [new Date(hub.clock.now())],
  );
  await hub.idle();
  assert.equal(texts("held"), 1);
});

test("half a character in what a message says stops neither the holding of its policy, nor of others, nor the discarding", async () => {
  await happens("tip", FLOOR);
  await hub.database.db.query(
    `insert into outbox (partition, customer_id, message_id, lane, channel, purpose, address, not_before, expires_at, body)
     select m.partition, m.customer_id, gen_random_uuid(), m.lane, m.channel, m.purpose, m.address, $1::timestamptz + late, $1::timestamptz + interval '1 day', $2::json
       from (select * from message limit 1) m cross join unnest('{0,1h}'::interval[]) as given (late)`,
    [
      new Date(hub.clock.now()),
      '{"policy":"tip","mustSend":true,"template":"hello","locale":"en","variables":{"item":"\\ud83d \\u0000"}}',
    ],
  );
  await happens("other", 5);
  assert.equal(texts("other"), 5);
  assert.deepEqual(
    (await paused()).map(({ waiting }) => waiting),
    [1],
  );
  assert.deepEqual((await hub.call("POST", "/api/policies/tip/discard")).body, { discarded: 2, isDone: true });
});
