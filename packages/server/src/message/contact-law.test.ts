import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { type Gateway, type Handoff, type InboundTouch, openFakeGateway } from "../channel/index.ts";
import { openTestHub, type TestHub } from "../test-hub.ts";

const sms = openFakeGateway("sms");
const email = openFakeGateway("email");
/** While it is set, hand-offs wait for it. */
let slow: Promise<void> | null = null;
const handedOffAt = new Map<string, number[]>();
const paced = (gateway: Gateway): Gateway => ({
  ...gateway,
  async send(handoff: Handoff) {
    if (slow !== null) await slow;
    const result = await gateway.send(handoff);
    handedOffAt.set(handoff.to, [...(handedOffAt.get(handoff.to) ?? []), performance.now()]);
    return result;
  },
});

let hub: TestHub;
before(async () => {
  hub = await openTestHub({ gateways: [paced(sms), paced(email)] });
  await hub.scenarios.install(aCampaign);
});
after(() => hub.end());

const HOUR = 3_600_000;
let people = 0;

/** Customers with consent to marketing on both channels. */
async function customers(list: { userId: string; traits: Record<string, unknown> }[]): Promise<void> {
  await hub.send(
    list.map(({ userId, traits }) => ({ type: "identify", userId, traits, messageId: `person-${people++}` })),
  );
  const ids = new Map<string, string>();
  const { rows } = await hub.database.db.query<{ value: string; customerId: string }>(
    `select value, customer_id as "customerId" from identifier where kind = 'user_id' and value = any($1::text[])`,
    [list.map((one) => one.userId)],
  );
  for (const { value, customerId } of rows) ids.set(value, customerId);
  for (const { userId } of list)
    for (const channel of ["sms", "email"] as const) {
      const body = { purpose: "marketing", channel, status: "granted", source: "form" };
      assert.equal((await hub.call("POST", `/api/customers/${ids.get(userId)}/consent`, body)).status, 202);
    }
  await hub.idle();
}
const offer = (...userIds: string[]) =>
  hub.send(userIds.map((userId) => ({ type: "track", userId, event: "Offer due", messageId: `offer-${people++}` })));
const reply = (from: string, text: string) =>
  hub.hear([
    {
      kind: "reply",
      gateway: "fake-sms",
      channel: "sms",
      from,
      to: "+13125550100",
      text,
      inReplyToKey: null,
      at: hub.clock.now(),
      id: `reply-${people++}`,
    },
  ]);
const textsTo = (number: string) => sms.handedOver.filter((one) => one.to === number).map((one) => one.content.text);

const ZONES = [
  "America/Phoenix",
  "Asia/Kathmandu",
  "Pacific/Chatham",
  "America/New_York",
  "Europe/London",
  "Asia/Shanghai",
  "Europe/Moscow",
  "Australia/Lord_Howe",
  "America/St_Johns",
  null,
];

test("ten customers in ten zones get marketing between eight and nine on their own clocks, and never at night", async () => {
  const numbers = ZONES.map((_, n) => `+1212555010${n}`);
  await customers(
    ZONES.map((zone, n) => ({
      userId: `zone-${n}`,
      traits: { phone: numbers[n], ...(zone ? { timezone: zone } : {}) },
    })),
  );
  // 20:59:50 in Phoenix; the others are somewhere in their day or night.
  const evening = Temporal.ZonedDateTime.from("2026-06-10T20:59:50[America/Phoenix]").epochMilliseconds;
  hub.clock.moveTo(evening);
  await offer(...ZONES.map((_, n) => `zone-${n}`));
  const sentAt = new Map<string, number>();
  for (let hour = 0; hour <= 26; hour++) {
    for (const { to } of sms.handedOver) if (!sentAt.has(to)) sentAt.set(to, hub.clock.now());
    hub.clock.moveTo(hub.clock.now() + HOUR);
    await hub.idle();
  }
  for (const [n, zone] of ZONES.entries()) {
    const at = sentAt.get(numbers[n] ?? "");
    assert.ok(at !== undefined, `${zone} heard nothing`);
    for (const one of zone ? [zone] : ["America/New_York", "America/Los_Angeles", "Pacific/Honolulu"]) {
      const { hour } = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(one);
      assert.ok(hour >= 8 && hour < 21, `${zone ?? "unknown"} was written to at ${hour} in ${one}`);
    }
  }
});

const WORDS = [
  "STOP",
  "stop.",
  "Stop please",
  "QUIT",
  "END",
  "REVOKE",
  "OPT OUT",
  "OPTOUT",
  "CANCEL",
  "UNSUBSCRIBE",
  "СТОП",
  "отписаться",
  "退订",
  "ＳＴＯＰ",
];
test("every word that opts out suppresses what is queued and what comes, and is confirmed exactly once", async () => {
  hub.clock.moveTo(Temporal.ZonedDateTime.from("2026-06-15T02:00[America/New_York]").epochMilliseconds);
  const numbers = WORDS.map((_, n) => `+13125550${120 + n}`);
  await customers(
    WORDS.map((_, n) => ({ userId: `word-${n}`, traits: { phone: numbers[n], timezone: "America/New_York" } })),
  );
  // At night: queued until eight.
  await offer(...WORDS.map((_, n) => `word-${n}`));
  for (const [n, word] of WORDS.entries()) {
    await reply(numbers[n] ?? "", word);
    await reply(numbers[n] ?? "", word);
  }
  await hub.idle();
  hub.clock.moveTo(hub.clock.now() + 8 * HOUR);
  await hub.idle();
  await offer(...WORDS.map((_, n) => `word-${n}`));
  for (const [n, word] of WORDS.entries()) {
    const texts = textsTo(numbers[n] ?? "");
    assert.equal(texts.length, 1, `${word}: ${texts.join(" | ")}`);
    assert.match(texts[0] ?? "", /no more messages/);
  }
});

test("HELP is answered, START opens the door again, and a sentence with a stop in it is left to a person", async () => {
  await reply("+13125550120", "HELP");
  await reply("+13125550121", "START");
  await customers([{ userId: "shopper", traits: { phone: "+13125550150", timezone: "America/New_York" } }]);
  await reply("+13125550150", "I will stop by the shop");
  await reply("+13125550150", "HELP");
  await hub.idle();
  await offer("word-1", "shopper");
  assert.match(textsTo("+13125550150").join(" | "), /^Northwind Mobile: reply STOP .* \| An offer\.$/);
  assert.deepEqual(
    textsTo("+13125550121")
      .slice(1)
      .map((text) => text.slice(0, 8)),
    ["You will", "An offer"],
  );
  const { rows } = await hub.database.db.query("select 1 from event where body::json->>'name' = 'reply flagged'");
  assert.equal(rows.length, 1);
});

const HELPS = ["HELP", "info", "help please", "Помощь", "ИНФО", "帮助", "幫助", "Hilfe", "ayuda", "aide"];
test("every word that asks for help is answered at a suppressed number, right after its STOP too, and nothing else goes there", async () => {
  const numbers = HELPS.map((_, n) => `+13125550${170 + n}`);
  await customers(
    HELPS.map((_, n) => ({ userId: `help-${n}`, traits: { phone: numbers[n], timezone: "America/New_York" } })),
  );
  for (const [n, word] of HELPS.entries()) {
    await reply(numbers[n] ?? "", "STOP");
    await reply(numbers[n] ?? "", word);
    await reply(numbers[n] ?? "", word);
  }
  await hub.idle();
  await offer(...HELPS.map((_, n) => `help-${n}`));
  hub.clock.moveTo(hub.clock.now() + 24 * HOUR);
  await hub.idle();
  for (const [n, word] of HELPS.entries()) {
    const texts = textsTo(numbers[n] ?? "");
    assert.deepEqual(
      texts.map((text) => text.slice(0, 16)).sort(),
      ["Northwind Mobile", "You will get no "],
      `${word}: ${texts.join(" | ")}`,
    );
  }
});

test("an answer that comes under another id is heard once when its earlier id is known", async () => {
  const from = "+13125550160";
  const touch = (id: string, earlierIds: string[]): InboundTouch => ({
    ...{ kind: "reply", gateway: "fake-sms", channel: "sms", from, to: "+13125550100", text: "Yes, please" },
    ...{ inReplyToKey: null, at: hub.clock.now(), id, earlierIds },
  });
  for (const one of [touch("minute-1", []), touch("minute-2", ["minute-0", "minute-1"]), touch("minute-3", [])]) {
    await hub.hear([one]);
    await hub.idle();
  }
  const { rows } = await hub.database.db.query(
    "select 1 from event where body::jsonb->>'kind' = 'reply' and body::jsonb->'properties'->>'from' = $1",
    [from],
  );
  assert.equal(rows.length, 2);
});

test("nobody is written to once an opt-out in the middle of a campaign has been acknowledged", async () => {
  const count = 1_500;
  const numbers = Array.from({ length: count }, (_, n) => `+1646${String(5_550_000 + n)}`);
  await hub.send(
    numbers.map((phone, n) => ({
      type: "identify",
      userId: `race-${n}`,
      traits: { phone, timezone: "America/New_York" },
      messageId: `race-${n}`,
    })),
  );
  await hub.database.db.query(
    `update customer set state = jsonb_set(state::jsonb, '{consent,marketing/sms}', $1::jsonb) where state::json->'traits'->'phone'->>'value' like '+1646%'`,
    [JSON.stringify({ value: { status: "granted", source: "form", text: null, ip: null }, at: 1, by: "form" })],
  );
  const acknowledgedAt = new Map<string, number>();
  const campaign = offer(...numbers.map((_, n) => `race-${n}`));
  const optOuts = (async () => {
    for (let n = count - 1; n >= 0; n -= 6) {
      const from = numbers[n] ?? "";
      slow = new Promise((resolve) => setImmediate(resolve));
      await reply(from, "STOP");
      acknowledgedAt.set(from, performance.now());
    }
    slow = null;
  })();
  await Promise.all([campaign, optOuts]);
  await hub.idle();
  let marketing = 0;
  for (const number of numbers) {
    const texts = textsTo(number);
    if (texts.includes("An offer.")) marketing += 1;
    const acknowledged = acknowledgedAt.get(number);
    if (acknowledged === undefined) continue;
    const late = (handedOffAt.get(number) ?? []).filter(
      (at, index) => at > acknowledged && texts[index] === "An offer.",
    );
    assert.deepEqual(late, [], number);
  }
  assert.ok(marketing > count / 2, `${marketing} offers went`);
});

test("one click unsubscribes without cookies or a redirect; opening the link only shows a page", async () => {
  await customers([{ userId: "mail", traits: { email: "mail@law.example", timezone: "America/New_York" } }]);
  await offer("mail");
  const [offered] = email.handedOver.filter((one) => one.to === "mail@law.example");
  const link = new URL(offered?.unsubscribe?.url ?? "");
  assert.match(link.href, /^https:\/\/hub\.example\/u\//);
  const suppressed = async () =>
    (await hub.database.db.query("select 1 from suppression where channel = 'email'")).rows.length;

  const page = await hub.app.inject({ url: link.pathname });
  assert.deepEqual([page.statusCode, await suppressed()], [200, 0]);
  assert.match(String(page.headers["content-type"]), /text\/html/);
  const headers = { "content-type": "application/x-www-form-urlencoded", host: "evil.example" };
  const click = await hub.app.inject({
    method: "POST",
    url: link.pathname,
    headers,
    payload: "List-Unsubscribe=One-Click",
  });
  assert.deepEqual([click.statusCode, click.headers.location, await suppressed()], [200, undefined, 1]);
  await hub.idle();
  hub.clock.moveTo(hub.clock.now() + 10 * 60_000);
  await offer("mail");
  assert.equal(email.handedOver.filter((one) => one.to === "mail@law.example").length, 1);

  for (const forged of [`${link.pathname}x`, link.pathname.slice(0, -3), "/u/x.y", "/u/..%2f..%2f"]) {
    const answer = await hub.app.inject({
      method: "POST",
      url: forged,
      headers,
      payload: "List-Unsubscribe=One-Click",
    });
    assert.equal(answer.statusCode, 404, forged);
  }
});

const aCampaign = {
  name: "campaign",
  version: "1",
  title: { en: "Campaign" },
  expects: { en: "Nothing" },
  features: [],
  policies: [
    {
      name: "campaign",
      version: "1",
      on: ["Offer due"],
      currency: "USD",
      surge: { atLeast: 100_000 },
      channels: { sms: { cost: 0.01 }, email: { cost: 0.001 } },
      maxDelay: "30h",
      contact: {
        consent: { marketing: { default: "opt-in", source: "47 CFR 64.1200", since: "2026-01-01" } },
        quietHours: [{ purposes: ["marketing"], from: "21:00", to: "08:00", source: "47 CFR 64.1200(c)(1)" }],
        horizon: "30h",
      },
      actions: [
        {
          name: "offer",
          title: "Offer",
          purpose: "marketing",
          class: "optional",
          success: 1,
          valueToCompany: 5,
          valueToCustomer: 5,
          templates: { sms: "offer", email: "offer" },
        },
      ],
    },
  ],
  messages: { offer: { sms: { en: { text: "An offer." } }, email: { en: { subject: "Offer", text: "An offer." } } } },
};
