import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { compileCondition, conditionToSql } from "@rapport/engine/condition/index";
import { normaliseEmail, normalisePhone } from "@rapport/engine/identity/index";
import { readKeyword } from "@rapport/engine/message/opt-out-words";

import { countSegment } from "../segment/index.ts";
import { openTestHub, type TestHub } from "../test-hub.ts";

const CANARY = "canary-7f3a91";
let hub: TestHub;
let customerId: string;
before(async () => {
  hub = await openTestHub();
  await hub.send([
    { type: "identify", userId: "ann", traits: { email: "ann@hostile.example", plan: "surf" }, messageId: "ann-1" },
    { type: "identify", userId: "bob", traits: { email: "bob@hostile.example", plan: "ultimate" }, messageId: "bob-1" },
  ]);
  const { body } = await hub.call("GET", "/api/customers?q=ann");
  customerId = (body as { customers: { customerId: string }[] }).customers[0]?.customerId ?? "";
});
after(() => hub.end());

const PAYLOADS = [
  "' or '1'='1",
  "'; drop table customer; --",
  '" or ""="',
  "1) or (1=1",
  "ann' union select null,null,null,null,null--",
  "%",
  "_%_",
  "\\",
  "$1",
  "#{7*7}",
  "{{7*7}}",
  "__proto__",
  "constructor",
  "\r\nset-cookie: x=1",
  "\u001b[31mred",
  "..%2f..%2fetc%2fpasswd",
  "'||pg_sleep(9)||'",
  "\ud800",
];

/** Everything that an attack on the database would change. */
async function state(): Promise<unknown> {
  const tables = ["customer", "event", "identifier", "staff", "api_key", "message", "decision", "suppression"];
  const counts = tables.map(async (table) => {
    const { rows } = await hub.database.db.query(`select count(*) as count from ${table}`);
    return [table, rows[0]];
  });
  return Promise.all(counts);
}

type Operation = {
  parameters?: { name: string; in: string }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
};
type Schema = { properties?: Record<string, Schema>; additionalProperties?: unknown; type?: string };
type Description = { openapi: string; paths: Record<string, Record<string, Operation>> };
const description = async () => (await hub.call("GET", "/api/openapi.json")).body as Description;

test("the description is OpenAPI 3.1 and names every route", async () => {
  const { openapi, paths } = await description();
  assert.match(openapi, /^3\.1\./);
  const described = new Set(
    Object.entries(paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ":$1")}`),
    ),
  );
  const missing = hub.routes
    .filter(
      ({ url, access }) =>
        url !== "/api/openapi.json" && !(access.kind === "public" && access.why.startsWith("the console")),
    )
    .map(({ method, url }) => `${method} ${url}`)
    .filter((route) => !route.startsWith("OPTIONS ") && !described.has(route));
  assert.deepEqual(missing, []);
});

test("no query, path or text of a body reaches the database as anything but a value", async () => {
  const before = await state();
  const { paths } = await description();
  let asked = 0;
  for (const [path, operations] of Object.entries(paths)) {
    if (!path.startsWith("/api/") || path === "/api/pulse/stream" || path === "/api/session") continue;
    for (const [method, operation] of Object.entries(operations)) {
      for (const payload of PAYLOADS) {
        const encoded = encodeURIComponent(payload.toWellFormed());
        const names = (operation.parameters ?? []).filter((one) => one.in === "query").map((one) => one.name);
        const urls = [
          path.replaceAll(/\{\w+\}/g, encoded),
          ...names.map((name) => `${path.replaceAll(/\{\w+\}/g, customerId)}?${name}=${encoded}`),
        ];
        for (const url of urls) {
          const fields = Object.keys(operation.requestBody?.content["application/json"]?.schema.properties ?? {});
          const body = fields.length > 0 ? Object.fromEntries(fields.map((field) => [field, payload])) : undefined;
          const { status, body: answer } = await hub.call(method.toUpperCase() as "GET", url, body);
          assert.ok(status < 500, `${method} ${url} with ${payload}: ${status} ${JSON.stringify(answer)}`);
          asked += 1;
        }
      }
    }
  }
  assert.ok(asked > 300, `${asked} were asked`);
  assert.deepEqual(await state(), before);
});

test("a search for % or _ finds those characters, not everybody", async () => {
  for (const q of ["%", "_", "a%", "\\"]) {
    const { body } = await hub.call("GET", `/api/customers?q=${encodeURIComponent(q)}`);
    assert.deepEqual((body as { customers: unknown[] }).customers, [], q);
  }
});

test("a condition's words are values too", async () => {
  const before = await state();
  for (const payload of PAYLOADS.map((one) => one.toWellFormed())) {
    for (const source of [
      `traits.plan == ${JSON.stringify(payload)}`,
      `traits[${JSON.stringify(payload)}] == "surf"`,
      `${JSON.stringify(payload)} in ["surf"]`,
    ]) {
      const compiled = compileCondition(source);
      if (compiled.kind === "fault") continue;
      const sql = conditionToSql(compiled.condition, { features: [], now: hub.clock.now(), firstParameter: 1 });
      if ("message" in sql) continue;
      assert.equal((await countSegment(hub.database.db, sql)).members, 0, source);
    }
  }
  assert.deepEqual(await state(), before);
});

const EXTRA = {
  tenant_id: "x",
  account_id: "x",
  role: "admin",
  id: "x",
  created_at: 0,
  owner: "x",
  is_admin: true,
  status: "sent",
  consent: true,
};
const writes: [method: "POST" | "PATCH", url: () => string, body: Record<string, unknown>][] = [
  ["POST", () => "/api/session", { email: "a@b.example", password: "x" }],
  ["POST", () => "/api/session/claim", { token: "x".repeat(30), password: "long enough it is" }],
  ["POST", () => "/api/session/code", { pending: "x".repeat(30), code: "123456" }],
  ["POST", () => "/api/session/passkey/options", { pending: "x".repeat(30) }],
  ["POST", () => "/api/session/passkey", { pending: "x".repeat(30), answer: { id: "x" } }],
  ["PATCH", () => "/api/second-factor", { required: false }],
  ["POST", () => "/api/staff", { email: "new@hostile.example", name: "New", role: "viewer" }],
  ["PATCH", () => "/api/staff/00000000-0000-4000-8000-000000000001", { role: "admin" }],
  ["POST", () => "/api/keys", { name: "new", scope: "read" }],
  ["PATCH", () => "/api/visitor-proof", { required: false }],
  ["PATCH", () => "/api/keys/00000000-0000-4000-8000-000000000001", { origin: "server" }],
  [
    "POST",
    () => `/api/customers/${customerId}/consent`,
    { purpose: "marketing", channel: "sms", status: "granted", source: "x" },
  ],
  ["POST", () => `/api/customers/${customerId}/claims/confirm`, { trait: "email", value: "x@y.example" }],
  ["POST", () => `/api/customers/${customerId}/unmerge`, { from: "00000000-0000-4000-8000-000000000001" }],
  ["POST", () => `/api/customers/${customerId}/decisions/${customerId}/what-if`, { at: 1 }],
  ["POST", () => "/api/dead-letters/resolve", { before: 1 }],
  ["POST", () => "/api/dead-letters/return", { before: 1 }],
  ["POST", () => "/api/messages", { customerId: "x", channel: "sms", purpose: "service", text: "x" }],
  ["POST", () => "/api/messages/preview", { text: "x" }],
];
for (const [method, url, body] of writes) {
  test(`${method} ${url()
    .replace(/[0-9a-f-]{36}/g, ":id")
    .replace("customers//", "customers/:id/")} takes no field that it does not know`, async () => {
    const before = await state();
    for (const [name, value] of Object.entries(EXTRA)) {
      if (name in body) continue;
      const answer = await hub.call(method, url(), { ...body, [name]: value });
      assert.equal(answer.status, 400, `${name}: ${JSON.stringify(answer.body)}`);
    }
    assert.deepEqual(await state(), before);
  });
}

for (const [what, unkeepable] of [
  ["U+0000", "\0"],
  ["half a surrogate pair", "\ud83d"],
])
  test(`${what} in any text of a body is refused before it reaches the database`, async () => {
    const before = await state();
    for (const [method, url, body] of writes) {
      for (const [name, value] of Object.entries(body)) {
        if (typeof value !== "string") continue;
        const answer = await hub.call(method, url(), { ...body, [name]: `${value}${unkeepable}` });
        assert.equal(answer.status, 400, `${method} ${url()} ${name}: ${JSON.stringify(answer.body)}`);
      }
      const named = await hub.call(method, url(), { ...body, [`a${unkeepable}b`]: 1 });
      assert.equal(named.status, 400, `${method} ${url()}`);
    }
    assert.deepEqual(await state(), before);
  });

/** Of one's own account, and so by nobody's key. */
const OWN: [url: string, body: Record<string, unknown>][] = [
  ["/api/account/confirm", { password: "x" }],
  ["/api/account/password", { present: "x", password: "long enough it is" }],
  ["/api/account/totp/confirm", { code: "123456" }],
  ["/api/account/passkeys", { pending: "x".repeat(30), name: "x", answer: { id: "x" } }],
];
test("a colleague's own account takes no field that it does not know, and no U+0000", async () => {
  const cookie = await hub.signedIn();
  for (const [url, body] of OWN) {
    for (const wrong of [...Object.entries(EXTRA), ...Object.keys(body).map((name) => [name, "long enough\0 it is"])]) {
      const [name = "", value] = wrong as [string, unknown];
      const payload = { ...body, [name]: value };
      const answer = await hub.app.inject({ method: "POST", url, headers: { cookie }, payload });
      assert.equal(answer.statusCode, 400, `${url} ${name}: ${answer.body}`);
      assert.match(answer.body, /request\/invalid/);
    }
  }
});

test("every route of the API that takes a body is tried above", async () => {
  const { paths } = await description();
  const taking = Object.entries(paths)
    .filter(([path]) => path.startsWith("/api/"))
    .flatMap(([, operations]) => Object.values(operations).filter((operation) => operation.requestBody));
  assert.equal(taking.length, writes.length + OWN.length);
});

test("what a body smuggles into prototypes has no effect", async () => {
  for (const text of [
    '{"name":"x","scope":"read","__proto__":{"admin":true}}',
    '{"name":"x","scope":"read","constructor":{"prototype":{"admin":true}}}',
    `{"name":"x","scope":${"[".repeat(20_000)}${"]".repeat(20_000)}}`,
    '{"name":"x","scope":1e400}',
  ]) {
    const answer = await hub.app.inject({
      method: "POST",
      url: "/api/keys",
      headers: { authorization: "Bearer rk_admin_test_admin_key", "content-type": "application/json" },
      payload: text,
    });
    assert.ok(answer.statusCode < 500, `${answer.statusCode} ${answer.body}`);
    assert.equal(({} as { admin?: boolean }).admin, undefined);
  }
});

/** Hostile to backtracking: a regular expression that is not linear takes seconds for these. */
const LONG = ["a", " ", "@", ".", "-", "a@", "(", "+1", "\\", '"', "[", "STOP ", "é", "退订", "a.a@a."].map((part) =>
  part.repeat(100_000 / part.length),
);
const readers: [what: string, read: (text: string) => unknown][] = [
  ["an e-mail address", (text) => normaliseEmail(text)],
  ["an e-mail address with an end that does not fit", (text) => normaliseEmail(`a@${text}!`)],
  ["a number", (text) => normalisePhone(text, "US")],
  ["an opt-out word", (text) => readKeyword(text)],
  ["a condition", (text) => compileCondition(text)],
  ["a condition within its length", (text) => compileCondition(text.slice(0, 9_999))],
  ["a condition's text", (text) => compileCondition(`traits.a == ${JSON.stringify(text)}`)],
];
for (const [what, read] of readers) {
  test(`a hostile text of 100 KB is read as ${what} in no time`, () => {
    const before = process.cpuUsage();
    for (const text of LONG) {
      try {
        read(text);
      } catch (fault) {
        assert.ok(!(fault instanceof RangeError), `${text.slice(0, 8)}…: ${fault}`);
      }
    }
    assert.ok(process.cpuUsage(before).user < 5_000_000, `${process.cpuUsage(before).user} µs`);
  });
}

test("a hostile text in any field of the API is refused in no time", async () => {
  const before = process.cpuUsage();
  for (const text of LONG) {
    assert.ok((await hub.call("POST", "/api/staff", { email: text, name: "x", role: "viewer" })).status < 500);
    assert.ok((await hub.call("GET", `/api/customers?q=${encodeURIComponent(text.slice(0, 5_000))}`)).status < 500);
  }
  assert.ok(process.cpuUsage(before).user < 10_000_000);
});

test("a secret shows in no answer, no description and no problem", async () => {
  const { db } = hub.database;
  await db.query("update setting set value = to_json($1::text) where name = 'secret'", [CANARY]);
  await db.query("update staff set password_hash = $1", [CANARY]);
  const urls = [...new Set(hub.routes.filter(({ method }) => method === "GET").map(({ url }) => url))].filter(
    (url) => url !== "/api/pulse/stream",
  );
  for (const url of urls) {
    const filled = url.replaceAll(/:\w+/g, customerId);
    const answer = await hub.app.inject({ url: filled, headers: { authorization: "Bearer rk_admin_test_admin_key" } });
    for (const secret of [CANARY, "test-twilio-auth-token", "rk_write_test_write_key", "rk_admin_test"])
      assert.ok(
        !answer.body.includes(secret) && !JSON.stringify(answer.headers).includes(secret),
        `${url} tells ${secret}`,
      );
  }
});
