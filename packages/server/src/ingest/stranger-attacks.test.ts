import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { after, before, test } from "node:test";
import { createSigner } from "fast-jwt";

import { openFakeGateway } from "../channel/index.ts";
import { aSmallPack } from "../identity/a-small-pack.ts";
import { KEYS, openTestHub, type TestHub } from "../test-hub.ts";

const sms = openFakeGateway("sms");
let hub: TestHub;
before(async () => {
  hub = await openTestHub({ gateways: [sms] });
  await hub.scenarios.install(aSmallPack);
});
after(() => hub.end());

let ids = 0;
const call = (type: string, fields: Record<string, unknown>) => ({ type, messageId: `str-${ids++}`, ...fields });
const query = async <T extends object>(text: string, values: unknown[] = []) =>
  (await hub.database.db.query<T>(text, values)).rows;
const customerOf = async (kind: string, value: string) =>
  (
    await query<{ id: string }>("select customer_id as id from identifier where kind = $1 and value = $2", [
      kind,
      value,
    ])
  )[0]?.id;
// biome-ignore lint/suspicious/noExplicitAny: a probe
async function profileOf(kind: string, value: string): Promise<any> {
  const [row] = await query<{ state: string }>("select state from customer where customer_id = $1", [
    await customerOf(kind, value),
  ]);
  return JSON.parse(row?.state ?? "{}");
}
let numbers = 0;
async function aCustomer(userId: string): Promise<string> {
  const phone = `+1312556${String(1000 + numbers++)}`;
  hub.clock.moveTo(hub.clock.now() + 1_000);
  await hub.send([
    call("identify", { userId, traits: { phone, email: `${userId.trim()}@town.example`, plan: "surf" } }),
  ]);
  return phone;
}
async function secret(): Promise<string> {
  const { body } = await hub.call("GET", "/api/visitor-proof");
  return (body as { secrets: { secret: string }[] }).secrets[0]?.secret ?? "";
}
const hashOf = (userId: string, key: string) => createHmac("sha256", key).update(userId).digest("hex");
const sign = (claims: object, key: string) => createSigner({ key, algorithm: "HS256", noTimestamp: true })(claims);
const basic = (key: string) => `Basic ${Buffer.from(`${key}:`).toString("base64")}`;
async function cloud(event: Record<string, unknown>, key = KEYS.browser): Promise<number> {
  const answer = await hub.app.inject({
    method: "POST",
    url: "/cloudevents",
    headers: { authorization: basic(key), "content-type": "application/cloudevents+json" },
    payload: JSON.stringify({ specversion: "1.0", ...event }),
  });
  return answer.statusCode;
}

test("a cap by customer holds whatever times the browser gives its events", async () => {
  await hub.scenarios.install({
    ...aSmallPack,
    name: "opened-by-time",
    features: [],
    browserEvents: [
      {
        event: "callback by time",
        perCustomer: { limit: 2, window: "1d" },
        perAddress: { limit: 100, window: "1d" },
        perPeer: { limit: 100, window: "1d" },
      },
    ],
    policies: [{ ...aSmallPack.policies[0], name: "by-time", on: ["callback by time"], from: ["browser", "server"] }],
  });
  const phone = await aCustomer("timed-caller");
  const context = { userHash: hashOf("timed-caller", await secret()) };
  await hub.send([call("identify", { userId: "timed-caller", anonymousId: "tc", context })], "browser");
  for (let day = 0; day < 20; day++) {
    const timestamp = new Date(hub.clock.now() - day * 2 * 86_400_000).toISOString();
    await hub.send(
      [call("track", { userId: "timed-caller", anonymousId: "tc", event: "callback by time", timestamp })],
      "browser",
    );
  }
  assert.equal(sms.handedOver.filter(({ to }) => to === phone).length, 2);
});

test("a token that was issued before the server's newer word does not undo it", async () => {
  await aCustomer("replayed");
  const key = await secret();
  const exp = Math.floor(hub.clock.now() / 1_000) + 6 * 86_400;
  const iat = Math.floor(hub.clock.now() / 1_000);
  const userToken = sign({ sub: "replayed", iat, exp, traits: { plan: "gold" }, email: "old@town.example" }, key);
  await hub.send([call("identify", { userId: "replayed", anonymousId: "rb", context: { userToken } })], "browser");
  hub.clock.moveTo(hub.clock.now() + 60_000);
  await hub.send([call("identify", { userId: "replayed", traits: { plan: "blocked", email: "new@town.example" } })]);
  hub.clock.moveTo(hub.clock.now() + 60_000);
  await hub.send(
    [call("page", { userId: "replayed", anonymousId: "rb", name: "x", context: { userToken } })],
    "browser",
  );
  const profile = await profileOf("user_id", "replayed");
  assert.deepEqual([profile.traits.plan?.value, profile.traits.email?.value], ["blocked", "new@town.example"]);
});

test("the proof of an id that differs by spaces proves no other id", async () => {
  await aCustomer("spaced");
  const key = await secret();
  const before = (await profileOf("user_id", "spaced")).events;
  for (const twin of ["spaced ", " spaced", "spaced\u00a0", "\ufeffspaced", "spaced\n"])
    await hub.send(
      [call("identify", { userId: twin, anonymousId: "spacer", context: { userHash: hashOf(twin, key) } })],
      "browser",
    );
  assert.equal((await profileOf("user_id", "spaced")).events, before);
  assert.notEqual(await customerOf("anonymous_id", "spacer"), await customerOf("user_id", "spaced"));
});

test("full-width, composed and look-alike ids are nobody else's", async () => {
  await aCustomer("1001");
  await aCustomer("jose\u0301");
  const one = await customerOf("user_id", "1001");
  const two = await customerOf("user_id", "jose\u0301");
  const key = await secret();
  for (const twin of ["１００１", "1001.0", "01001", "jos\u00e9", "1001\u200b", "1001\u0000"])
    await hub.send(
      [call("identify", { userId: twin, anonymousId: "wide", context: { userHash: hashOf(twin, key) } })],
      "browser",
    );
  const wide = await customerOf("anonymous_id", "wide");
  assert.ok(wide !== one && wide !== two);
});

test("odd proofs prove nothing: arrays, both names, other secrets, hash of another, empty", async () => {
  await aCustomer("odd");
  const key = await secret();
  const exp = Math.floor(hub.clock.now() / 1_000) + 600;
  const b64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const wrong: Record<string, unknown>[] = [
    { userToken: sign({ sub: "odd", user_id: "other", exp }, key) },
    { userToken: sign({ user_id: null, sub: "odd", exp }, key) },
    { userToken: sign({ sub: { toString: "odd" }, exp }, key) },
    { userToken: `${b64({ alg: "none" })}.${b64({ sub: "odd", exp })}.` },
    { userToken: `${b64({ alg: "NONE", typ: "JWT" })}.${b64({ sub: "odd", exp })}.AA` },
    {
      userToken: `${b64({ alg: "HS256" })}.${b64({ sub: "odd", exp })}.${createHmac("sha256", "")
        .update(`${b64({ alg: "HS256" })}.${b64({ sub: "odd", exp })}`)
        .digest("base64url")}`,
    },
    { userHash: hashOf("other", key) },
    { userHash: hashOf("odd", "") },
    { userHash: hashOf("odd", key).slice(0, 62) },
    { userHash: [hashOf("odd", "x")] },
    { userToken: "x".repeat(20_000) },
    { userHash: "" },
  ];
  const before = (await profileOf("user_id", "odd")).events;
  for (const context of wrong)
    await hub.send([call("identify", { userId: "odd", anonymousId: "oddball", context })], "browser");
  assert.equal((await profileOf("user_id", "odd")).events, before);
});

test("what proves again is kept nowhere: not beside traits of a context, and not in a dead letter", async () => {
  await aCustomer("kept");
  const userHash = hashOf("kept", await secret());
  await hub.send(
    [
      call("identify", {
        userId: "kept",
        anonymousId: "k1",
        context: { userHash },
        traits: { bio: "x".repeat(3_000) },
      }),
    ],
    "browser",
  );
  await hub.send(
    [call("page", { userId: "kept", anonymousId: "k2", context: { userHash, traits: { userHash } }, name: "x" })],
    "browser",
  );
  const events = await query("select 1 from event where body like '%' || $1 || '%'", [userHash]);
  const letters = await query("select 1 from dead_letter where position($1::bytea in body) > 0", [
    Buffer.from(userHash),
  ]);
  assert.deepEqual([events.length, letters.length], [0, 0]);
});

test("a CloudEvent of a browser's with a time before the flood is refused or clamped, and holds up nobody", async () => {
  await aCustomer("flooded");
  await hub.send([call("page", { anonymousId: "noah", name: "Ark" })], "browser");
  for (const time of [
    "-271821-04-20T00:00:00Z",
    "0001-01-01T00:00:00Z",
    "1999-01-01T00:00:00Z",
    "+275760-09-13T00:00:00Z",
  ])
    await cloud({ id: time, source: "ark", type: "Seen", time, data: { anonymousId: "noah" } });
  await hub.idle();
  await hub.send([call("track", { userId: "flooded", event: "Seen" })]);
  assert.equal((await profileOf("user_id", "flooded")).events, 2);
  const noah = await profileOf("anonymous_id", "noah");
  assert.ok(noah.firstSeenAt >= Date.UTC(2000, 0, 1), String(noah.firstSeenAt));
  const customer = await hub.call("GET", `/api/customers/${await customerOf("anonymous_id", "noah")}`);
  assert.equal(customer.status, 200);
  const timeline = await hub.call("GET", `/api/customers/${await customerOf("anonymous_id", "noah")}/timeline`);
  assert.equal(timeline.status, 200);
});

test("browsers by CloudEvents, pixels, beacons and webhooks say no more than by the batch", async () => {
  const phone = await aCustomer("doors");
  await aCustomer("doors2");
  const before = JSON.stringify(await profileOf("user_id", "doors"));
  const cid = await customerOf("user_id", "doors");
  const type = "Ordered";
  for (const data of [
    { userId: "doors", anonymousId: "d1", email: "evil@evil.example", phone },
    { email: "doors@town.example" },
    { anonymousId: cid },
  ])
    await cloud({ id: `d${ids++}`, source: "s", type, data });
  await cloud({ id: `d${ids++}`, source: "s", type, subject: "doors", data: {} });
  await cloud({ id: `d${ids++}`, source: "s", type: "IDENTITY.apart\u00a0", subject: "doors", data: {} });
  const said = {
    userId: "doors",
    anonymousId: "d2",
    event: "Ordered",
    context: { traits: { phone, household: "h9" } },
  };
  const data = Buffer.from(JSON.stringify({ ...said, writeKey: KEYS.browser })).toString("base64url");
  for (const kind of ["identify", "track", "group", "alias"])
    await hub.app.inject({ method: "GET", url: `/v1/pixel/${kind}?data=${data}` });
  await hub.app.inject({
    method: "GET",
    url: `/pixel/v1/track?writeKey=${KEYS.browser}&userId=doors&event=Ordered&context.traits.phone=${encodeURIComponent(phone)}`,
  });
  await hub.app.inject({
    method: "POST",
    url: `/beacon/v1/batch?writeKey=${KEYS.browser}`,
    payload: JSON.stringify({ batch: [{ type: "track", ...said }], writeKey: KEYS.write }),
    headers: { "content-type": "text/plain" },
  });
  await hub.app.inject({
    method: "POST",
    url: `/v1/webhook?writeKey=${KEYS.browser}&userId=doors`,
    payload: JSON.stringify([{ userId: "doors", email: "doors@town.example", phone }]),
    headers: { "content-type": "application/json", "webhook-id": "w1" },
  });
  await hub.idle();
  assert.equal(JSON.stringify(await profileOf("user_id", "doors")), before);
  assert.equal(sms.handedOver.filter(({ to }) => to === phone).length, 0);
  assert.equal(await customerOf("email", "evil@evil.example"), undefined);
});

test("a secret key in the body does not raise what a browser's key in the header says", async () => {
  const phone = await aCustomer("two-keys");
  const answer = await hub.app.inject({
    method: "POST",
    url: "/v1/track",
    headers: { authorization: basic(KEYS.browser), "content-type": "application/json" },
    payload: JSON.stringify(call("track", { userId: "two-keys", event: "Ordered", writeKey: KEYS.write })),
  });
  await hub.idle();
  assert.equal(answer.statusCode, 200);
  assert.equal(sms.handedOver.filter(({ to }) => to === phone).length, 0);
});

test("a browser's words by an anonymous id that the server linked order nothing, state nothing and part nobody", async () => {
  const phone = await aCustomer("linked");
  await hub.send([call("identify", { userId: "linked", anonymousId: "linked-browser" })]);
  await hub.send(
    [
      call("track", { anonymousId: "linked-browser", event: "Ordered" }),
      call("identify", {
        anonymousId: "linked-browser",
        traits: { phone: "+13125550199", household: "hx", timezone: "Asia/Tokyo" },
      }),
      call("group", { anonymousId: "linked-browser", groupId: "g", traits: { plan: "gold" } }),
      call("track", { anonymousId: "linked-browser", event: "confirmed" }),
      call("track", { anonymousId: "linked-browser", event: "Seen", properties: { amount: 1e300, item: "x" } }),
    ],
    "browser",
  );
  const profile = await profileOf("user_id", "linked");
  assert.deepEqual(
    [profile.traits.phone.value, profile.traits.household, profile.traits.timezone, profile.traits["group.plan"]],
    [phone, undefined, undefined, undefined],
  );
  assert.deepEqual(profile.features, {});
  assert.equal(sms.handedOver.filter(({ to }) => [phone, "+13125550199"].includes(to)).length, 0);
});

test("ids that imitate another key's space, a hashed id or a CloudEvent's pair swallow nothing of the server's", async () => {
  const { createHash } = await import("node:crypto");
  await aCustomer("imitated");
  const spaces = await query<{ s: string }>("select api_key_id::text as s from api_key where name = 'test-write'");
  const spaceOf = (id: string) =>
    createHash("sha256")
      .update(JSON.stringify(["server", "key", id]))
      .digest("hex")
      .slice(0, 10);
  const space = spaceOf(spaces[0]?.s ?? "");
  const long = "x".repeat(250);
  const hashed = `#${createHash("sha256").update(long).digest("base64url")}`;
  const squat = [`${space}/order-1`, `../${space}/order-1`, "order-1", hashed, '["shop","1"]', long];
  await hub.send(
    squat.map((messageId) => ({ type: "page", anonymousId: "squat", name: "x", messageId })),
    "browser",
  );
  const before = (await profileOf("user_id", "imitated")).events;
  await hub.send(
    ["order-1", long].map((messageId) => ({ type: "track", userId: "imitated", event: "Seen", messageId })),
  );
  await cloud({ id: "1", source: "shop", type: "Seen", subject: "imitated" }, KEYS.write);
  await cloud({ id: `1${"y".repeat(5_000)}`, source: "shop", type: "Seen", subject: "imitated" }, KEYS.write);
  await cloud({ id: `1${"y".repeat(5_001)}`, source: "shop", type: "Seen", subject: "imitated" }, KEYS.write);
  await cloud({ id: '2"]', source: "shop", type: "Seen", subject: "imitated" }, KEYS.write);
  await hub.idle();
  assert.equal((await profileOf("user_id", "imitated")).events, before + 6);
});
