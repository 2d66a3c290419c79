import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";

import { openTestHub, type TestHub } from "../test-hub.ts";

let hub: TestHub;
before(async () => {
  hub = await openTestHub();
});
after(() => hub.end());

const basic = (key: string) => `Basic ${Buffer.from(`${key}:`).toString("base64")}`;

async function post(url: string, body: unknown, headers: Record<string, string> = {}) {
  const answer = await hub.app.inject({
    method: "POST",
    url,
    headers: { "content-type": "application/json", authorization: basic(hub.writeKey), ...headers },
    payload: typeof body === "string" || Buffer.isBuffer(body) ? body : JSON.stringify(body),
  });
  await hub.idle();
  return {
    status: answer.statusCode,
    headers: answer.headers,
    text: answer.body,
    type: answer.headers["content-type"],
  };
}

type Found = { customerId: string; events: number };
const customers = async (q: string) =>
  ((await hub.call("GET", `/api/customers?q=${encodeURIComponent(q)}`)).body as { customers: Found[] }).customers;

type Told = { name: string; at: number; receivedAt: number; context?: Record<string, unknown>; channel: string };
async function timeline(q: string): Promise<Told[]> {
  const [found] = await customers(q);
  if (!found) return [];
  const { body } = await hub.call("GET", `/api/customers/${found.customerId}/timeline`);
  return (body as { events: Told[] }).events;
}

const letters = async () =>
  ((await hub.call("GET", "/api/dead-letters")).body as { letters: { reason: string; source: string }[] }).letters;

const calls: [route: string, call: Record<string, unknown>, name: string][] = [
  ["identify", { traits: { plan: "surf" } }, "identify"],
  ["track", { event: "Bought" }, "Bought"],
  ["page", { name: "Home" }, "Home"],
  ["screen", { name: "Main" }, "Main"],
  ["group", { groupId: "g1", traits: { name: "Team" } }, "group"],
  ["i", { traits: { plan: "surf" } }, "identify"],
  ["t", { event: "Bought" }, "Bought"],
  ["p", { name: "Home" }, "Home"],
  ["s", { name: "Main" }, "Main"],
  ["g", { groupId: "g1" }, "group"],
];
for (const [route, call, name] of calls) {
  test(`/v1/${route} keeps a ${name} of the person it names`, async () => {
    const answer = await post(`/v1/${route}`, { userId: `caller-${route}`, ...call });
    assert.deepEqual([answer.status, answer.text], [200, '{"success":true}']);
    assert.deepEqual(
      (await timeline(`caller-${route}`)).map((event) => event.name),
      [name],
    );
  });
}

test("the write key opens the door from the body, as browsers send it, and without a preflight", async () => {
  const body = JSON.stringify({ writeKey: hub.writeKey, userId: "browser", event: "Seen" });
  const answer = await post("/v1/t", body, { "content-type": "text/plain", authorization: "" });
  assert.equal(answer.status, 200);
  assert.equal(answer.headers["access-control-allow-origin"], "*");
  assert.equal((await customers("browser")).length, 1);
});

test("an unknown or missing write key is 401 and keeps nothing", async () => {
  for (const authorization of [basic("rk_write_unknown"), "", "Bearer nonsense", "Basic !!!!"]) {
    const answer = await post("/v1/track", { userId: "stranger", event: "Seen" }, { authorization });
    assert.equal(answer.status, 401);
    assert.match(String(answer.type), /problem\+json/);
  }
  assert.equal((await customers("stranger")).length, 0);
});

const refused: [what: string, url: string, body: string | Buffer][] = [
  ["text that is no JSON", "/v1/track", "{nonsense"],
  ["an empty body", "/v1/track", ""],
  ["a batch that is no list", "/v1/batch", '{"batch":{}}'],
  [
    "a call above 32 KB",
    "/v1/track",
    JSON.stringify({ userId: "u", event: "E", properties: { x: "x".repeat(33_000) } }),
  ],
  [
    "a call above 32 KB within a batch",
    "/v1/batch",
    JSON.stringify({ batch: [{ type: "track", userId: "u", event: "E", properties: { x: "x".repeat(33_000) } }] }),
  ],
  ["a batch above 500 KB", "/v1/batch", JSON.stringify({ batch: [], padding: "x".repeat(513_000) })],
];
for (const [what, url, body] of refused) {
  test(`${what} is 400, told as problem+json`, async () => {
    const answer = await post(url, body);
    assert.equal(answer.status, 400, answer.text);
    assert.match(String(answer.type), /problem\+json/);
  });
}

test("a batch of just under 500 KB is taken, gzip too, and a gzip bomb is 400", async () => {
  const batch = Array.from({ length: 16 }, (_, n) => ({
    type: "track",
    userId: "heavy",
    event: "Seen",
    messageId: `heavy-${n}`,
    properties: { x: "x".repeat(30_000) },
  }));
  assert.equal((await post("/v1/batch", { batch: batch.slice(0, 8) })).status, 200);
  const zipped = gzipSync(JSON.stringify({ batch }));
  assert.equal((await post("/v1/batch", zipped, { "content-encoding": "gzip" })).status, 200);
  assert.equal((await customers("heavy"))[0]?.events, 16);
  const bomb = gzipSync(Buffer.alloc(50_000_000));
  assert.equal((await post("/v1/batch", bomb, { "content-encoding": "gzip" })).status, 400);
});

const faults: [field: string, call: Record<string, unknown>][] = [
  ["event", { type: "track", userId: "u" }],
  ["userId", { type: "track", event: "E" }],
  ["userId", { type: "track", event: "E", userId: { $ne: null } }],
  ["messageId", { type: "track", event: "E", userId: "u", messageId: 7 }],
  ["traits", { type: "identify", userId: "u", traits: "x" }],
  ["timestamp", { type: "track", event: "E", userId: "u", timestamp: "yesterday" }],
  ["previousId", { type: "alias", userId: "u" }],
  ["groupId", { type: "group", userId: "u" }],
  ["type", { type: "nonsense", userId: "u" }],
];
for (const [field, call] of faults) {
  test(`${JSON.stringify(call)} is 400 under X-Strict-Mode with "${field}" named, and 200 with a dead letter without`, async () => {
    const strict = await post("/v1/batch", { batch: [call] }, { "x-strict-mode": "1" });
    assert.equal(strict.status, 400);
    assert.deepEqual(
      (JSON.parse(strict.text) as { errors: { field: string }[] }).errors.map((one) => one.field),
      [field],
    );

    const before = (await letters()).length;
    assert.equal((await post("/v1/batch", { batch: [call] })).status, 200);
    const after = await letters();
    assert.equal(after.length, before + 1);
    assert.match(after[0]?.reason ?? "", new RegExp(`^${field}: `));
    assert.equal(after[0]?.source, "test-write");
  });
}

test("a wrong call in a batch harms none of its neighbours", async () => {
  const good = (n: number) => ({ type: "track", userId: "neighbour", event: "Seen", messageId: `neighbour-${n}` });
  await post("/v1/batch", { batch: [good(1), { type: "track" }, null, 7, "x", [], good(2)] });
  assert.equal((await customers("neighbour"))[0]?.events, 2);
});

const DAY = 86_400_000;
const clocks: [what: string, times: (now: number) => Record<string, unknown>, at: (now: number) => number][] = [
  ["a day ahead", (now) => ({ timestamp: iso(now + DAY - 5_000), sentAt: iso(now + DAY) }), (now) => now - 5_000],
  ["a day behind", (now) => ({ timestamp: iso(now - DAY - 5_000), sentAt: iso(now - DAY) }), (now) => now - 5_000],
  ["right", (now) => ({ timestamp: iso(now - 9_000), sentAt: iso(now) }), (now) => now - 9_000],
  [
    "a day ahead, with the original time beside it",
    (now) => ({ originalTimestamp: iso(now + DAY - 1_000), timestamp: iso(now), sentAt: iso(now + DAY) }),
    (now) => now - 1_000,
  ],
  ["silent about when it sent", (now) => ({ timestamp: iso(now - DAY) }), (now) => now - DAY],
  ["in the year 9999", () => ({ timestamp: "9999-12-31T23:59:59Z" }), (now) => now],
  ["silent", () => ({}), (now) => now],
];
const iso = (at: number) => new Date(at).toISOString();
for (const [index, [what, times, at]] of clocks.entries()) {
  test(`what a sender whose clock is ${what} tells happened when it happened by ours`, async () => {
    const now = hub.clock.now();
    await post("/v1/track", { userId: `clock-${index}`, event: "Seen", ...times(now) });
    assert.deepEqual(
      (await timeline(`clock-${index}`)).map((event) => event.at),
      [at(now)],
    );
  });
}

test("the same message id counts once after 29 days, by whatever route and in whatever batch", async () => {
  const call = { userId: "again", event: "Seen", messageId: "again-1" };
  await post("/v1/track", call);
  hub.clock.moveTo(hub.clock.now() + 29 * DAY);
  await post("/v1/batch", {
    batch: [
      { type: "track", ...call },
      { type: "track", ...call },
    ],
  });
  assert.equal((await customers("again"))[0]?.events, 1);
});

test("the batch's context is merged into its calls, whose own words win", async () => {
  await post("/v1/batch", {
    context: { library: { name: "batch-lib" }, locale: "en" },
    batch: [{ type: "track", userId: "context", event: "Seen", context: { locale: "de" } }],
  });
  const [event] = await timeline("context");
  assert.deepEqual(event?.context, { library: { name: "batch-lib" }, locale: "de" });
});

test("an external id leads to the same customer, and one of an account does not", async () => {
  const externalIds = [
    { id: "C-77", type: "crm", collection: "users", encoding: "none" },
    { id: "A-1", type: "crm_account", collection: "accounts", encoding: "none" },
    { id: "00000000-0000-4000-8000-000000000000", type: "customer", collection: "users", encoding: "none" },
  ];
  await post("/v1/identify", { userId: "external", context: { externalIds } });
  await post("/v1/track", { anonymousId: "a-77", event: "Seen", context: { externalIds: externalIds.slice(0, 1) } });
  const [external] = await customers("external");
  assert.equal(external?.events, 2);
  assert.equal((await customers("A-1")).length, 0);
});

test("an alias makes one customer of two", async () => {
  await post("/v1/track", { userId: "old-id", event: "Seen" });
  await post("/v1/track", { userId: "new-id", event: "Seen" });
  await post("/v1/alias", { previousId: "old-id", userId: "new-id" });
  const [old, fresh] = [await customers("old-id"), await customers("new-id")];
  assert.equal(old[0]?.customerId, fresh[0]?.customerId);
  assert.equal(fresh[0]?.events, 3);
});

test("a revoked write key is refused once its few seconds have passed", async () => {
  const { body } = await hub.call("POST", "/api/keys", { name: "short-lived", scope: "write" });
  const { key, secret } = body as { key: { apiKeyId: string }; secret: string };
  const authorization = basic(secret);
  await hub.call("DELETE", `/api/keys/${key.apiKeyId}`);
  assert.equal((await post("/v1/track", { userId: "late", event: "Seen" }, { authorization })).status, 401);
});

test("a write key is not taken from the address", async () => {
  const url = `/v1/track?writeKey=${hub.writeKey}`;
  assert.equal((await post(url, { userId: "u", event: "Seen" }, { authorization: "" })).status, 401);
});
