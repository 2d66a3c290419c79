import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { after, before, test } from "node:test";
import { createSigner } from "fast-jwt";

import { openFakeGateway } from "../channel/index.ts";
import { aSmallPack } from "../identity/a-small-pack.ts";
import { openTestHub, type TestHub } from "../test-hub.ts";

/** What a browser's key could do when everything that came in was believed alike (S21, S26, S27 of the list of attacks). */
const sms = openFakeGateway("sms");
let hub: TestHub;
before(async () => {
  hub = await openTestHub({ gateways: [sms] });
  await hub.scenarios.install(aSmallPack);
});
after(() => hub.end());

type Profile = {
  traits: Record<string, { value: unknown }>;
  claimed: Record<string, { value: unknown }>;
  claimedToBe: Record<string, number>;
  complaints: Record<string, unknown>;
  events: number;
};
let ids = 0;
const call = (type: string, fields: Record<string, unknown>) => ({ type, messageId: `call-${ids++}`, ...fields });

async function customerOf(kind: string, value: string): Promise<string | undefined> {
  const { rows } = await hub.database.db.query<{ id: string }>(
    "select customer_id as id from identifier where kind = $1 and value = $2",
    [kind, value],
  );
  return rows[0]?.id;
}
async function profileOf(kind: string, value: string): Promise<Profile> {
  const id = await customerOf(kind, value);
  const { rows } = await hub.database.db.query<{ state: string }>("select state from customer where customer_id = $1", [
    id,
  ]);
  return JSON.parse(rows[0]?.state ?? "{}") as Profile;
}
async function deadLetters(): Promise<{ reason: string }[]> {
  const { rows } = await hub.database.db.query<{ reason: string }>(
    "select reason from dead_letter order by dead_letter_id",
  );
  return rows;
}
let numbers = 0;
/** A customer that the company's server knows, with a number and a plan. */
async function aCustomer(userId: string): Promise<string> {
  const phone = `+1312555${String(1000 + numbers++)}`;
  hub.clock.moveTo(hub.clock.now() + 1_000);
  await hub.send([call("identify", { userId, traits: { phone, email: `${userId}@town.example`, plan: "surf" } })]);
  return phone;
}

test("an event that a policy listens to writes to nobody when a browser says it, three hundred times or once", async () => {
  const phone = await aCustomer("pumped");
  const orders = Array.from({ length: 300 }, (_, index) =>
    call("track", {
      userId: "pumped",
      anonymousId: `pump-${index}`,
      event: "Ordered",
      properties: { item: "spam words" },
    }),
  );
  await hub.send(orders, "browser");
  await hub.send([call("identify", { anonymousId: "pump", traits: { phone: "+13125559999" } })], "browser");
  await hub.send([call("track", { anonymousId: "pump", event: "Ordered" })], "browser");
  assert.deepEqual(
    sms.handedOver.filter(({ to }) => [phone, "+13125559999"].includes(to)),
    [],
  );
  await hub.send([call("track", { userId: "pumped", event: "Ordered" })]);
  assert.equal(sms.handedOver.filter(({ to }) => to === phone).length, 1, "said by the server, it is confirmed");
});

test("a message id that a browser said first does not swallow the server's event", async () => {
  await aCustomer("squatted");
  await hub.send([{ type: "track", anonymousId: "squatter", event: "Seen", messageId: "order-1001-paid" }], "browser");
  await hub.send([{ type: "track", userId: "squatted", event: "Seen", messageId: "order-1001-paid" }]);
  assert.equal((await profileOf("user_id", "squatted")).events, 2);
});

test("an address, a zone, a household, a plan or a locale that a browser claims for a customer stays a claim of the visitor", async () => {
  const phone = await aCustomer("victim");
  const traits = {
    email: "attacker@evil.example",
    phone: "+13125558888",
    timezone: "Asia/Tokyo",
    household: "h",
    plan: "x",
    locale: "zh",
  };
  await hub.send([call("identify", { userId: "victim", anonymousId: "thief", traits })], "browser");
  const known = await profileOf("user_id", "victim");
  assert.deepEqual([known.traits.email?.value, known.traits.plan?.value], ["victim@town.example", "surf"]);
  for (const name of ["timezone", "household", "locale"]) assert.equal(known.traits[name], undefined, name);
  const visitor = await profileOf("anonymous_id", "thief");
  assert.deepEqual([visitor.claimed.email?.value, visitor.traits.email], ["attacker@evil.example", undefined]);
  assert.ok("user_id:victim" in visitor.claimedToBe);
  assert.notEqual(await customerOf("anonymous_id", "thief"), await customerOf("user_id", "victim"));
  assert.equal(await customerOf("email", "attacker@evil.example"), undefined);
  await hub.send([call("track", { userId: "victim", event: "Ordered" })]);
  assert.deepEqual(
    sms.handedOver.filter(({ to }) => to === phone || to === "+13125558888").map(({ to }) => to),
    [phone],
  );
  const { rows } = await hub.database.db.query("select 1 as one from household_member where household = 'h'");
  assert.equal(rows.length, 0);
});

test("an alias that a browser says joins nobody, by whatever ids", async () => {
  await aCustomer("one");
  await aCustomer("other");
  await hub.send([call("identify", { userId: "one", anonymousId: "ones-browser" })]);
  await hub.send(
    [
      call("alias", { previousId: "one", userId: "other" }),
      call("alias", { previousId: "ones-browser", userId: "other", anonymousId: "joiner" }),
      call("identify", {
        userId: "one",
        anonymousId: "joiner",
        context: { externalIds: [{ id: "other", type: "user_id", collection: "users" }] },
      }),
    ],
    "browser",
  );
  assert.notEqual(await customerOf("user_id", "one"), await customerOf("user_id", "other"));
  assert.equal(await customerOf("anonymous_id", "ones-browser"), await customerOf("user_id", "one"));
});

for (const by of ["browser", "write"] as const)
  test(`names of the hub's own events are refused of a ${by === "write" ? "server" : "browser"}, and part nobody`, async () => {
    await hub.send([
      call("identify", { userId: `whole-${by}`, anonymousId: `part-${by}`, traits: { email: `w-${by}@town.example` } }),
    ]);
    const before = (await deadLetters()).length;
    const names = ["identity.apart", "message.sent", "decision.act", "reply", "Identity.Apart ", "trait.confirmed"];
    const into = await customerOf("user_id", `whole-${by}`);
    await hub.send(
      names.map((event) => call("track", { anonymousId: `part-${by}`, event, properties: { from: into, into } })),
      by,
    );
    await hub.send([call("page", { anonymousId: `part-${by}`, name: "message.delivered" })], by);
    const letters = (await deadLetters()).slice(before);
    assert.equal(letters.length, 2, "one for each request");
    assert.match(letters[0]?.reason ?? "", /^6 of 6 calls refused: event: "identity.apart" is said by the hub alone/);
    assert.equal(await customerOf("anonymous_id", `part-${by}`), await customerOf("user_id", `whole-${by}`));
  });

test("the name of a timer is heard from the hub alone", async () => {
  const timed = {
    ...aSmallPack,
    name: "timed",
    features: [{ name: "rang_7d", kind: "count", events: ["bell rang"], window: "7d" }],
    timers: [{ name: "bell rang", on: ["bell set"], after: "1h" }],
    policies: [{ ...aSmallPack.policies[0], name: "on-bell", on: ["bell rang"] }],
  };
  await hub.scenarios.install(timed);
  const phone = await aCustomer("bellringer");
  await hub.send([call("track", { userId: "bellringer", event: "bell rang" })]);
  assert.equal(sms.handedOver.filter(({ to }) => to === phone).length, 0);
  await hub.send([call("track", { userId: "bellringer", event: "bell set" })]);
  hub.clock.moveTo(hub.clock.now() + 3_700_000);
  await hub.idle();
  assert.equal(sms.handedOver.filter(({ to }) => to === phone).length, 1);
});

test("an address that browsers claim for four customers is not shared for that, and its STOP lands on its own", async () => {
  const phone = await aCustomer("holder");
  for (const userId of ["fake1", "fake2", "fake3", "fake4"])
    await hub.send([call("identify", { userId, anonymousId: `a-${userId}`, traits: { phone } })], "browser");
  assert.equal(await customerOf("phone", phone), await customerOf("user_id", "holder"));
  const touch = { kind: "reply", gateway: "fake-sms", channel: "sms", to: "+13125550100", inReplyToKey: null } as const;
  await hub.hear([{ ...touch, from: phone, text: "STOP", at: hub.clock.now(), id: "stop-1" }]);
  await hub.idle();
  const { body } = await hub.call("GET", `/api/customers/${await customerOf("user_id", "holder")}`);
  const { consent } = body as { consent: { purpose: string; channel: string; status: string }[] };
  assert.ok(consent.some((one) => one.purpose === "marketing" && one.channel === "sms" && one.status === "withdrawn"));
});

test("fourteen hundred identifies of many names leave a small profile", async () => {
  for (let batch = 0; batch < 14; batch++) {
    const calls = Array.from({ length: 100 }, (_, index) => {
      const traits = Object.fromEntries(
        Array.from({ length: 32 }, (_, n) => [`t${batch}-${index}-${n}`, "x".repeat(90)]),
      );
      return call("identify", { anonymousId: "wide", traits });
    });
    for (let start = 0; start < 100; start += 50) await hub.send(calls.slice(start, start + 50), "browser");
  }
  const profile = await profileOf("anonymous_id", "wide");
  assert.equal(Object.keys(profile.claimed).length, 32);
  assert.ok(JSON.stringify(profile).length < 20_000);
  const letters = (await deadLetters()).length;
  await hub.send([call("identify", { anonymousId: "wide", traits: { bio: "x".repeat(2_000) } })], "browser");
  assert.equal((await deadLetters()).length, letters + 1, "a value beyond the bound is refused by name");
});

test("a batch of nonsense is one dead letter", async () => {
  const before = (await deadLetters()).length;
  await hub.send(
    Array.from({ length: 20_000 }, () => ({})),
    "browser",
  );
  const letters = (await deadLetters()).slice(before);
  assert.deepEqual(
    letters.map(({ reason }) => reason),
    ["20000 of 20000 calls refused: type: must be identify, track, page, screen, group or alias"],
  );
});

test("complaints are opened and closed by whoever has proven who he is, and by no browser", async () => {
  await hub.send([call("track", { userId: "calm", event: "Seen" })]);
  await hub.send([call("identify", { userId: "calm", anonymousId: "calms-browser" })]);
  await hub.send(
    [call("track", { anonymousId: "calms-browser", event: "Complaint Opened", properties: { id: "7" } })],
    "browser",
  );
  assert.deepEqual((await profileOf("user_id", "calm")).complaints, {});
  await hub.send([call("track", { userId: "calm", event: "Complaint Opened", properties: { id: "7" } })]);
  await hub.send(
    [call("track", { anonymousId: "calms-browser", event: "Complaint Closed", properties: { id: "7" } })],
    "browser",
  );
  assert.deepEqual(Object.keys((await profileOf("user_id", "calm")).complaints), ["7"]);
});

async function secret(): Promise<string> {
  const { body } = await hub.call("GET", "/api/visitor-proof");
  return (body as { secrets: { secret: string }[] }).secrets[0]?.secret ?? "";
}
const hashOf = (userId: string, key: string) => createHmac("sha256", key).update(userId).digest("hex");

test("a visit that the company's secret proves is the customer's own, and forgets the proof", async () => {
  await aCustomer("proven");
  const userHash = hashOf("proven", await secret());
  await hub.send(
    [call("identify", { userId: "proven", anonymousId: "own", context: { userHash }, traits: { plan: "gold" } })],
    "browser",
  );
  await hub.send([call("page", { userId: "proven", anonymousId: "own", name: "Plans" })], "browser");
  const profile = await profileOf("user_id", "proven");
  assert.equal(await customerOf("anonymous_id", "own"), await customerOf("user_id", "proven"));
  assert.deepEqual([profile.events, profile.traits.plan?.value, profile.claimed.plan?.value], [3, "surf", "gold"]);
  const { rows } = await hub.database.db.query<{ body: string }>(
    "select body from event where body like '%' || $1 || '%'",
    [userHash],
  );
  assert.equal(rows.length, 0, "what proves again is not kept");
});

test("a proof that stands among the traits of the context, as RudderStack sends them, is forgotten, too", async () => {
  await aCustomer("rudder");
  const userHash = hashOf("rudder", await secret());
  const context = { traits: { userHash, plan: "gold" } };
  await hub.send([call("identify", { userId: "rudder", anonymousId: "rudders", context })], "browser");
  assert.equal(await customerOf("anonymous_id", "rudders"), await customerOf("user_id", "rudder"));
  const { rows } = await hub.database.db.query<{ body: string }>(
    "select body from event where body like '%' || $1 || '%'",
    [userHash],
  );
  assert.equal(rows.length, 0);
});

test("a token states traits as the company's server would; a hash or a token that is wrong is refused by name", async () => {
  await aCustomer("tokened");
  const key = await secret();
  const now = Math.floor(hub.clock.now() / 1_000);
  const sign = (claims: object, by = key) =>
    createSigner({ key: by, algorithm: "HS256" })(claims as Record<string, unknown>);
  hub.clock.moveTo(hub.clock.now() + 1_000);
  const said = (userToken: string) =>
    call("identify", { userId: "tokened", anonymousId: "tokens-browser", context: { userToken } });
  await hub.send(
    [said(sign({ sub: "tokened", iat: now + 1, exp: now + 600, traits: { plan: "gold" }, email: "new@town.example" }))],
    "browser",
  );
  const profile = await profileOf("user_id", "tokened");
  assert.deepEqual([profile.traits.plan?.value, profile.traits.email?.value], ["gold", "new@town.example"]);
  assert.equal(await customerOf("email", "new@town.example"), await customerOf("user_id", "tokened"));

  const wrong: [what: string, token: string][] = [
    ["another's", sign({ sub: "somebody", exp: now + 600 })],
    ["expired", sign({ sub: "tokened", exp: now - 3_600 })],
    ["without end", sign({ sub: "tokened" })],
    ["good for a year", sign({ sub: "tokened", exp: now + 31_536_000 })],
    ["signed by another", sign({ sub: "tokened", exp: now + 600 }, "another secret of many letters")],
    [
      "unsigned",
      `${Buffer.from('{"alg":"none"}').toString("base64url")}.${Buffer.from(`{"sub":"tokened","exp":${now + 600}}`).toString("base64url")}.`,
    ],
    ["no token", "x"],
  ];
  for (const [what, token] of wrong) {
    const before = (await deadLetters()).length;
    await hub.send([said(token)], "browser");
    assert.match((await deadLetters())[before]?.reason ?? "", /^userId: /, what);
  }
  await hub.send(
    [call("identify", { userId: "tokened", anonymousId: "x", context: { userHash: "00".repeat(32) } })],
    "browser",
  );
  assert.notEqual(await customerOf("anonymous_id", "x"), await customerOf("user_id", "tokened"));
});

test("where proof is required, an identify without it is refused, and other claims are not even kept beside", async () => {
  await aCustomer("required");
  await hub.call("PATCH", "/api/visitor-proof", { required: true });
  try {
    const before = (await deadLetters()).length;
    await hub.send([call("identify", { userId: "required", anonymousId: "unproven" })], "browser");
    assert.match((await deadLetters())[before]?.reason ?? "", /must be proven/);
    await hub.send([call("track", { userId: "required", anonymousId: "unproven", event: "Seen" })], "browser");
    assert.deepEqual((await profileOf("anonymous_id", "unproven")).claimedToBe, {});
    const userHash = hashOf("required", await secret());
    await hub.send(
      [call("identify", { userId: "required", anonymousId: "proving", context: { userHash } })],
      "browser",
    );
    assert.equal(await customerOf("anonymous_id", "proving"), await customerOf("user_id", "required"));
  } finally {
    await hub.call("PATCH", "/api/visitor-proof", { required: false });
  }
});

test("after a new secret the one before is good until the next", async () => {
  await aCustomer("rotated");
  const old = await secret();
  await hub.call("POST", "/api/visitor-proof/renew");
  const userHash = hashOf("rotated", old);
  await hub.send([call("identify", { userId: "rotated", anonymousId: "r1", context: { userHash } })], "browser");
  assert.equal(await customerOf("anonymous_id", "r1"), await customerOf("user_id", "rotated"));
  await hub.call("POST", "/api/visitor-proof/renew");
  await hub.send([call("identify", { userId: "rotated", anonymousId: "r2", context: { userHash } })], "browser");
  assert.notEqual(await customerOf("anonymous_id", "r2"), await customerOf("user_id", "rotated"));
});

test("an event that a pack opens to browsers calls for something within its caps, and for nothing beyond", async () => {
  await hub.scenarios.install({
    ...aSmallPack,
    name: "opened",
    features: [],
    browserEvents: [
      {
        event: "callback wanted",
        perCustomer: { limit: 2, window: "1d" },
        perAddress: { limit: 3, window: "1d" },
        perPeer: { limit: 5, window: "1d" },
      },
    ],
    policies: [{ ...aSmallPack.policies[0], name: "call-back", on: ["callback wanted"], from: ["browser", "server"] }],
  });
  const key = await secret();
  const wanted = async (userId: string, times: number): Promise<void> => {
    await hub.send(
      [call("identify", { userId, anonymousId: `b-${userId}`, context: { userHash: hashOf(userId, key) } })],
      "browser",
    );
    for (let time = 0; time < times; time++)
      await hub.send([call("track", { userId, anonymousId: `b-${userId}`, event: "callback wanted" })], "browser");
  };
  const phone = await aCustomer("caller1");
  await hub.send([
    call("identify", { userId: "caller2", traits: { phone } }),
    call("identify", { userId: "caller3", traits: { phone } }),
  ]);
  const textsTo = () => sms.handedOver.filter(({ to }) => to === phone).length;
  await wanted("caller1", 3);
  assert.equal(textsTo(), 2, "two for a customer");
  await wanted("caller2", 2);
  assert.equal(textsTo(), 3, "three to an address");
  const other = await aCustomer("caller4");
  await wanted("caller4", 2);
  assert.equal(sms.handedOver.filter(({ to }) => to === other).length, 0, "five from a peer");
  await hub.send([call("track", { userId: "caller4", event: "callback wanted" })]);
  assert.equal(sms.handedOver.filter(({ to }) => to === other).length, 1, "the server's word has no such cap");
});

test("a pack whose policy hears browsers of what the pack does not open is refused by name", async () => {
  const policies = [{ ...aSmallPack.policies[0], from: ["browser"] }];
  await assert.rejects(
    hub.scenarios.install({ ...aSmallPack, name: "careless", policies }),
    /browserEvents do not open "Ordered"/,
  );
});
