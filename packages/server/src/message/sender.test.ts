import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

import { type Gateway, type HandoffResult, type InboundTouch, openFakeGateway } from "../channel/index.ts";
import { rebuildProfiles } from "../partition/index.ts";
import { openTestHub, type TestHub } from "../test-hub.ts";

let hub: TestHub;
afterEach(() => hub.end());

const NOON = Date.UTC(2026, 5, 10, 16);

/** A fake gateway whose answer to each hand-off may be chosen. */
function choosing(
  answer: (attempt: number) => HandoffResult | Error | Promise<HandoffResult | null> | null,
  takesKey = true,
) {
  const fake = openFakeGateway("sms");
  let attempts = 0;
  const gateway: Gateway & { handedOver: typeof fake.handedOver } = {
    ...fake,
    takesKey,
    async send(handoff) {
      const chosen = await answer(++attempts);
      if (chosen instanceof Error) throw chosen;
      return chosen ?? fake.send(handoff);
    },
  };
  return { gateway, attempts: () => attempts };
}

async function aCustomer(userId = "ann", traits: Record<string, unknown> = { phone: "+13125550101" }): Promise<string> {
  await hub.send([{ type: "identify", userId, traits, messageId: `${userId}-1` }]);
  const { body } = await hub.call("GET", `/api/customers?q=${userId}`);
  return (body as { customers: { customerId: string }[] }).customers[0]?.customerId ?? "";
}

let keys = 0;
async function write(customerId: string, more: Record<string, unknown> = {}): Promise<string> {
  const answer = await hub.app.inject({
    method: "POST",
    url: "/api/messages",
    headers: { authorization: "Bearer rk_admin_test_admin_key", "idempotency-key": `k${keys++}` },
    payload: { customerId, channel: "sms", purpose: "service", text: "Hello", ...more },
  });
  assert.equal(answer.statusCode, 202, answer.body);
  return answer.json<{ messageId: string }>().messageId;
}

async function logOf(messageId: string): Promise<[status: string, reason: string | undefined][]> {
  const { rows } = await hub.database.db.query<{ status: string; detail: { reason?: string } | null }>(
    "select status, detail from message_status where message_id = $1 order by at, status <> 'planned'",
    [messageId],
  );
  return rows.map(({ status, detail }) => [status, detail?.reason]);
}
const statuses = async (messageId: string) => (await logOf(messageId)).map(([status]) => status);

test("a busy gateway is tried again when it asks, and the message goes once", async () => {
  const { gateway, attempts } = choosing((attempt) =>
    attempt < 3 ? { kind: "later", retryAfterMs: 1_000, detail: "busy" } : null,
  );
  hub = await openTestHub({ gateways: [gateway] });
  const message = await write(await aCustomer());
  for (let turn = 0; turn < 6; turn++) {
    await hub.idle();
    hub.clock.moveTo(hub.clock.now() + 3_600_000);
  }
  assert.deepEqual([attempts(), gateway.handedOver.length], [3, 1]);
  assert.deepEqual(await statuses(message), ["planned", "sent"]);
});

test("when nobody knows whether it went, a gateway that knows repeats gets it again, under the same key", async () => {
  const { gateway } = choosing((attempt) => (attempt === 1 ? new Error("cut") : null));
  hub = await openTestHub({ gateways: [gateway] });
  const message = await write(await aCustomer());
  await hub.idle();
  hub.clock.moveTo(hub.clock.now() + 3_600_000);
  await hub.idle();
  assert.deepEqual(await statuses(message), ["planned", "sent"]);
});

test("when nobody knows whether it went, one that does not is not asked again: the message is closed as failed, and says why", async () => {
  const { gateway, attempts } = choosing(() => new Error("cut"), false);
  hub = await openTestHub({ gateways: [gateway] });
  const message = await write(await aCustomer());
  await hub.idle();
  hub.clock.moveTo(hub.clock.now() + 3_600_000);
  await hub.idle();
  assert.equal(attempts(), 1);
  assert.deepEqual(await logOf(message), [
    ["planned", undefined],
    ["failed", "outcome unknown"],
  ]);
});

test("what was handed off while the database could not write it down is written down once it can, and not sent again", async () => {
  let away = false;
  const { gateway, attempts } = choosing(async () => {
    if (!away) await hub.database.db.query("alter table handed_off rename to handed_off_away");
    away = true;
    return null;
  }, false);
  hub = await openTestHub({ gateways: [gateway] });
  const customerId = await aCustomer();
  const message = await write(customerId);
  while (!away) await new Promise((resolve) => setImmediate(resolve));
  await hub.database.db.query("alter table handed_off_away rename to handed_off");
  await hub.idle();
  assert.deepEqual([attempts(), gateway.handedOver.length], [1, 1]);
  assert.deepEqual(await statuses(message), ["planned", "sent"]);
});

for (const [what, answer, log] of [
  ["was sent", { kind: "accepted", providerId: "a\0b" }, ["sent", undefined]],
  [
    "is to be tried again",
    { kind: "later", retryAfterMs: Number.NaN, detail: "busy" },
    ["failed", "cannot be processed: 22008"],
  ],
] as const)
  test(`a message that ${what} and cannot be recorded so is ended by itself, and holds up no other`, async () => {
    const { gateway, attempts } = choosing((attempt) => (attempt === 1 ? answer : null));
    hub = await openTestHub({ gateways: [gateway] });
    const messages = [await write(await aCustomer()), await write(await aCustomer("bob", { phone: "+13125550102" }))];
    await hub.idle();
    const logs = await Promise.all(messages.map(logOf));
    assert.deepEqual(logs.map((one) => one.at(-1)).toSorted(), [log, ["sent", undefined]].toSorted());
    assert.equal(attempts(), 2);
  });

test("a message that cannot even be looked at is ended as failed, and those claimed with it are sent once", async () => {
  const fake = openFakeGateway("sms");
  hub = await openTestHub({ gateways: [fake] });
  await write(await aCustomer());
  await hub.idle();
  const direct = { kind: "direct", policy: null, mustSend: true, locale: "en", subject: null };
  const tooMany = { cause: "x", limit: 10 ** 12, windowMs: 1_000 };
  const bad = { ...direct, kind: "template", template: "x", variables: {}, addressCap: tooMany };
  await hub.database.db.query(
    `insert into outbox (partition, customer_id, message_id, lane, channel, purpose, address, not_before, expires_at, body)
     select partition, customer_id, gen_random_uuid(), lane, channel, purpose, address, planned_at, $1, words
       from message cross join unnest($2::json[]) as given (words)`,
    [
      new Date(NOON + 3_600_000),
      [{ ...direct, text: "one" }, bad, { ...direct, text: "two" }].map((one) => JSON.stringify(one)),
    ],
  );
  await hub.idle();
  assert.deepEqual(fake.handedOver.map(({ content }) => content.text).sort(), ["Hello", "one", "two"]);
  const { rows } = await hub.database.db.query(
    "select distinct detail->>'reason' as reason from message_status where status = 'failed'",
  );
  assert.deepEqual(rows, [{ reason: "cannot be processed: 22003" }]);
});

test("receipts three times, in reverse, a week late and for nobody leave the one true status", async () => {
  const fake = openFakeGateway("sms");
  hub = await openTestHub({ gateways: [fake] });
  const message = await write(await aCustomer());
  await hub.idle();
  const [handoff] = fake.handedOver;
  const receipt = (status: "delivered" | "seen" | "failed", at: number): InboundTouch => ({
    kind: "receipt",
    gateway: "fake-sms",
    providerId: "fake-1",
    key: handoff?.key ?? null,
    status,
    reason: null,
    at,
  });
  hub.clock.moveTo(NOON + 7 * 86_400_000);
  for (let times = 0; times < 3; times++)
    await hub.hear([receipt("seen", NOON + 9_000), receipt("delivered", NOON + 5_000)]);
  const stranger: InboundTouch = {
    ...receipt("failed", NOON),
    kind: "receipt",
    key: "nobody",
    providerId: "none",
  } as InboundTouch;
  await hub.hear([stranger]);
  await hub.idle();
  assert.deepEqual((await statuses(message)).sort(), ["delivered", "planned", "seen", "sent"]);
  const { rows } = await hub.database.db.query<{ value: number }>(
    "select sum(value)::int as value from tally where metric = 'message.delivered'",
  );
  assert.equal(rows[0]?.value, 1);
});

test("a household hears no more than its cap, whoever of it is written to", async () => {
  const fake = openFakeGateway("sms");
  hub = await openTestHub({ gateways: [fake] });
  await hub.scenarios.install(aHouseholdPack);
  const batch = Array.from({ length: 5 }, (_, n) => n).flatMap((n) => [
    {
      type: "identify",
      userId: `member-${n}`,
      traits: { phone: `+1312555010${n}`, household: "elm-7" },
      messageId: `h${n}`,
    },
    { type: "track", userId: `member-${n}`, event: "News", messageId: `n${n}` },
  ]);
  await hub.send(batch);
  assert.equal(fake.handedOver.length, 2);
  const { rows } = await hub.database.db.query<{ count: number }>(
    "select count(*)::int as count from message_status where status = 'suppressed' and detail->>'reason' = 'household-cap'",
  );
  assert.equal(rows[0]?.count, 3);
});

test("who is asked about next knows what the others of the household were sent, and says so", async () => {
  const fake = openFakeGateway("sms");
  hub = await openTestHub({ gateways: [fake] });
  await hub.scenarios.install(aHouseholdPack);
  const member = (n: number) => ({
    type: "identify",
    userId: `member-${n}`,
    traits: { phone: `+1312555010${n}`, household: "elm-7" },
    messageId: `h${n}`,
  });
  const news = (n: number) => ({ type: "track", userId: `member-${n}`, event: "News", messageId: `n${n}` });
  await hub.send([member(0), member(1), member(2)]);
  await hub.send([news(0)]);
  await hub.send([news(1)]);
  await hub.send([news(2)]);
  assert.equal(fake.handedOver.length, 2);
  const { body } = await hub.call("GET", "/api/decisions?outcome=nothing");
  const { decisions } = body as { decisions: { reason: string; customerId: string }[] };
  assert.deepEqual(
    decisions.map(({ reason }) => reason),
    ["household-cap"],
  );
  const rebuilt = await rebuildProfiles({ db: hub.database.db, model: hub.scenarios.model, now: hub.clock.now }, false);
  assert.deepEqual([rebuilt.customers, rebuilt.differences], [3, []]);
});

test("what was planned before a complaint was opened is held back at the moment of sending", async () => {
  const fake = openFakeGateway("sms");
  hub = await openTestHub({ gateways: [fake], startAt: Date.UTC(2026, 5, 10, 4) });
  await hub.scenarios.install(aQuietPack());
  const traits = { phone: "+13125550100", timezone: "UTC" };
  await hub.send([
    { type: "identify", userId: "ann", traits, messageId: "i" },
    { type: "track", userId: "ann", event: "News", messageId: "n" },
  ]);
  await hub.send([{ type: "track", userId: "ann", event: "Ticket Opened", properties: { ticketId: 7 } }]);
  hub.clock.moveTo(hub.clock.now() + 5 * 3_600_000);
  await hub.idle();
  assert.equal(fake.handedOver.length, 0);
  const { rows } = await hub.database.db.query(
    "select detail->>'reason' as reason from message_status where status = 'suppressed'",
  );
  assert.deepEqual(rows, [{ reason: "open-complaint" }]);
});

/** Silent by night, and while a complaint is open. */
const aQuietPack = () => {
  const [policy] = aHouseholdPack.policies;
  const quietHours = [{ purposes: ["service"], from: "21:00", to: "08:00" }];
  const contact = { consent: policy?.contact.consent, quietHours, hush: ["service"] };
  return { ...aHouseholdPack, policies: [{ ...policy, contact }] };
};

const aHouseholdPack = {
  name: "news",
  version: "1",
  title: { en: "News" },
  expects: { en: "Nothing" },
  features: [],
  policies: [
    {
      name: "news",
      version: "1",
      on: ["News"],
      currency: "USD",
      channels: { sms: { cost: 0.01 } },
      contact: {
        consent: { service: { default: "opt-out", source: "contract", since: "2026-01-01" } },
        household: { limit: 2, window: "7d" },
        horizon: "24h",
      },
      actions: [
        {
          name: "news",
          title: "News",
          purpose: "service",
          class: "optional",
          success: 1,
          valueToCompany: 5,
          valueToCustomer: 5,
          templates: { sms: "news" },
        },
      ],
    },
  ],
  messages: { news: { sms: { en: { text: "News." } } } },
};
