import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";

import { isOwnOrigin } from "../platform/http/own-origin.ts";
import { openSignIn } from "./index.ts";
import { ADMIN, KEYS, openTestHub, type TestHub } from "../test-hub.ts";

const PASSWORD = "correct horse battery";
let hub: TestHub;
before(async () => {
  hub = await openTestHub();
  await claim(await hub.signIns.invite(ADMIN.staffId), PASSWORD);
});
// Each test begins with a clean slate of tries.
afterEach(() => hub.clock.moveTo(hub.clock.now() + 11 * 60_000));
after(() => hub.end());

const HERE = { address: "198.51.100.7", browser: null };
const parts = () => ({ db: hub.database.db, clock: hub.clock, secret: "secret", publicUrl: "https://hub.example" });
type Sent = { payload: unknown; headers?: Record<string, string>; from?: string };
function post(url: string, { payload, headers = {}, from = "198.51.100.7" }: Sent) {
  return hub.app.inject({
    method: "POST",
    url,
    remoteAddress: from,
    headers: { "content-type": "application/json", ...headers },
    payload: typeof payload === "string" ? payload : JSON.stringify(payload),
  });
}
const claim = (token: string, password: string) => post("/api/session/claim", { payload: { token, password } });
const signIn = (payload: unknown, headers?: Record<string, string>, from?: string) =>
  post("/api/session", { payload, ...(headers ? { headers } : {}), ...(from ? { from } : {}) });
const cookieOf = (answer: { headers: Record<string, unknown> }) => String(answer.headers["set-cookie"]);
const session = async (cookie: string) =>
  (await hub.app.inject({ url: "/api/session", headers: { cookie } })).statusCode;
const right = { email: ADMIN.email, password: PASSWORD };

test("the right password signs in, in any case of the address, and the cookie is for this site alone", async () => {
  const answer = await signIn({ ...right, email: "  ADMIN@Rapport.Example" });
  assert.equal(answer.statusCode, 200);
  assert.match(cookieOf(answer), /^rapport=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=\d+; Secure$/);
  assert.ok(!answer.body.includes("argon2") && !answer.body.includes("passwordHash"));
});

test("an address typed in full width is the same address (RFC 8265, 3.3.2, width mapping)", async () =>
  assert.equal((await signIn({ ...right, email: "ａdmin＠rapport．example" })).statusCode, 200));

const refused: [what: string, payload: unknown, status: number][] = [
  ["a wrong password", { ...right, password: "wrong" }, 401],
  ["the right one with a blank", { ...right, password: `${PASSWORD} ` }, 401],
  ["an unknown colleague", { email: "nobody@rapport.example", password: PASSWORD }, 401],
  ["a look-alike address in Cyrillic", { ...right, email: "аdmin@rapport.example" }, 401],
  ["an object as password", { ...right, password: { $ne: null } }, 400],
  ["an object as address", { ...right, email: { $gt: "" } }, 400],
  ["null", { ...right, password: null }, 400],
  ["true", { ...right, password: true }, 400],
  ["a list", { ...right, password: [PASSWORD] }, 400],
  ["a list as body", [right], 400],
  ["nothing", {}, 400],
  ["an empty password", { ...right, password: "" }, 400],
  ["a password of 1 MB", { ...right, password: "x".repeat(1_000_000) }, 400],
];
for (const [what, payload, status] of refused) {
  test(`${what} is ${status} and opens no session`, async () => {
    const answer = await signIn(payload);
    assert.equal(answer.statusCode, status, answer.body);
    assert.equal(answer.headers["set-cookie"], undefined);
  });
}

test("a hash is verified for an unknown colleague too, so that the answer takes as long", async () => {
  const verified: string[] = [];
  const signIns = openSignIn({
    ...parts(),
    verifies: async (hash, password) => {
      verified.push(`${String(hash).slice(0, 10)} ${String(password)}`);
      return false;
    },
  });
  for (const email of [ADMIN.email, "nobody@rapport.example"])
    await assert.rejects(signIns.byPassword(email, "x", HERE), /is wrong/);
  assert.deepEqual(verified, ["$argon2id$ x", "$argon2id$ x"]);
});

test("whoever is blocked, or gets another password, while the hash is verified is not let in", async () => {
  const { db } = hub.database;
  for (const change of ["disabled_at = now()", "password_hash = 'another'"]) {
    const { rows } = await db.query<{ hash: string }>("select password_hash as hash from staff where email = $1", [
      ADMIN.email,
    ]);
    const signIns = openSignIn({
      ...parts(),
      verifies: async () =>
        (await db.query(`update staff set ${change} where email = $1`, [ADMIN.email])).rowCount === 1,
    });
    await assert.rejects(signIns.byPassword(ADMIN.email, PASSWORD, HERE), /at this very moment/);
    await db.query("update staff set disabled_at = null, password_hash = $2 where email = $1", [
      ADMIN.email,
      rows[0]?.hash,
    ]);
  }
});

test("a hash that verifies opens nothing when there is no such colleague", async () => {
  const signIns = openSignIn({ ...parts(), verifies: async () => true });
  await assert.rejects(signIns.byPassword("nobody@rapport.example", "x", HERE), /is wrong/);
});

test("an unknown colleague and a wrong password are told in the same words", async () => {
  const answers = [
    await signIn({ ...right, password: "wrong" }),
    await signIn({ email: "no@body.example", password: "x" }),
  ];
  assert.equal(answers[0]?.body, answers[1]?.body);
});

test("a sign-in link works once, and not when it has grown old", async () => {
  const token = await hub.signIns.invite(ADMIN.staffId);
  assert.equal((await claim(token, PASSWORD)).statusCode, 200);
  assert.equal((await claim(token, "another password")).statusCode, 401);
  const old = await hub.signIns.invite(ADMIN.staffId);
  hub.clock.moveTo(hub.clock.now() + 25 * 3_600_000);
  assert.equal((await claim(old, PASSWORD)).statusCode, 401);
  assert.equal((await signIn(right)).statusCode, 200);
});

test("a new password ends every session and every other link", async () => {
  const before = cookieOf(await signIn(right)).split(";")[0] ?? "";
  const other = await hub.signIns.invite(ADMIN.staffId);
  assert.equal((await claim(await hub.signIns.invite(ADMIN.staffId), PASSWORD)).statusCode, 200);
  assert.equal(await session(before), 401);
  assert.equal((await claim(other, PASSWORD)).statusCode, 401);
});

test("signing out ends the session, not only the cookie; a session ends by itself after half a day", async () => {
  const cookie = cookieOf(await signIn(right)).split(";")[0] ?? "";
  assert.equal(await session(cookie), 200);
  assert.equal((await hub.app.inject({ method: "DELETE", url: "/api/session", headers: { cookie } })).statusCode, 204);
  assert.equal(await session(cookie), 401);
  const second = cookieOf(await signIn(right)).split(";")[0] ?? "";
  hub.clock.moveTo(hub.clock.now() + 13 * 3_600_000);
  assert.equal(await session(second), 401);
});

test("a session that somebody else has chosen is not taken over at sign-in", async () => {
  const fixed = "rapport=chosen-by-an-attacker-00000000000000000";
  const answer = await signIn(right, { cookie: fixed });
  assert.notEqual(cookieOf(answer).split(";")[0], fixed);
  assert.equal(await session(fixed), 401);
});

test("another site's page cannot act in a colleague's name", async () => {
  const cookie = cookieOf(await signIn(right)).split(";")[0] ?? "";
  const body = { name: "stolen", scope: "admin" };
  const forms: Record<string, string>[] = [
    { origin: "https://evil.example" },
    { origin: "https://evil.example", "content-type": "text/plain" },
    { origin: "null" },
    { origin: "https://hub.example.evil.example" },
    { origin: "https://hub.example:444" },
  ];
  for (const headers of forms) {
    const answer = await post("/api/keys", { payload: body, headers: { cookie, host: "hub.example", ...headers } });
    assert.equal(answer.statusCode, 403, JSON.stringify(headers));
  }
  const plain = await post("/api/keys", {
    payload: body,
    headers: { cookie, host: "hub.example", "content-type": "text/plain" },
  });
  assert.equal(plain.statusCode, 415);
  const form = await post("/api/keys", {
    payload: "name=stolen&scope=admin",
    headers: { cookie, "content-type": "application/x-www-form-urlencoded" },
  });
  assert.equal(form.statusCode, 415);
  const own = { cookie, host: "hub.example", origin: "https://hub.example" };
  assert.equal((await post("/api/keys", { payload: { name: "own", scope: "read" }, headers: own })).statusCode, 200);
});

test("a Host header that somebody chose makes no other site one of ours, and stands in nothing that is answered", async () => {
  const cookie = cookieOf(await signIn(right)).split(";")[0] ?? "";
  for (const headers of [
    { host: "evil.example", origin: "https://evil.example" },
    { host: "evil.example", origin: "https://evil.example", "x-forwarded-host": "evil.example" },
    { host: "hub.example", origin: "http://hub.example" },
    { host: "hub.example", "sec-fetch-site": "cross-site" },
    { host: "hub.example", "sec-fetch-site": "same-site" },
  ] as Record<string, string>[]) {
    const answer = await post("/api/keys", {
      payload: { name: "stolen", scope: "admin" },
      headers: { cookie, ...headers },
    });
    assert.equal(answer.statusCode, 403, JSON.stringify(headers));
    assert.match(answer.body, /cross-site/);
  }
  const { body } = await hub.app.inject({
    url: `/v1/projects/${KEYS.write}/settings`,
    headers: { host: "evil.example", "x-forwarded-host": "evil.example", "x-forwarded-proto": "http" },
  });
  const { integrations } = JSON.parse(body) as { integrations: Record<string, { apiHost: string; protocol: string }> };
  assert.equal(integrations["Segment.io"]?.apiHost, "hub.example/v1");
  assert.equal(integrations["Segment.io"]?.protocol, "https");
  assert.ok(!body.includes("evil"));
});

for (const [publicUrl, origin, isOwn] of [
  ["https://hub.example", "https://hub.example", true],
  ["https://hub.example/", "https://hub.example:443", true],
  ["https://hub.example", "https://hub.example:8443", false],
  ["https://hub.example", "https://www.hub.example", false],
  ["https://hub.example", "null", false],
  ["http://localhost:8080", "http://127.0.0.1:8080", true],
  ["http://127.0.0.1:8080", "http://[::1]:8080", true],
  ["http://localhost:8080", "http://localhost:5173", false],
  ["http://localhost:8080", "http://evil.example:8080", false],
] as const) {
  test(`a page of ${origin} is ${isOwn ? "one" : "none"} of a hub at ${publicUrl}`, () =>
    assert.equal(isOwnOrigin(origin, publicUrl), isOwn));
}

test("another site's page cannot sign a visitor in either", async () => {
  const answer = await signIn(right, { host: "hub.example", origin: "https://evil.example" });
  assert.equal(answer.statusCode, 403);
  assert.equal(answer.headers["set-cookie"], undefined);
});

test("keys are taken from the header alone, and a write key reads nothing", async () => {
  const asked = (url: string, headers: Record<string, string> = {}) => hub.app.inject({ url, headers });
  for (const name of ["key", "api_key", "access_token", "token", "authorization"])
    assert.equal((await asked(`/api/keys?${name}=${KEYS.admin}`)).statusCode, 401);
  const write = { authorization: `Bearer ${KEYS.write}` };
  assert.equal((await asked("/api/customers", write)).statusCode, 401);
  assert.equal((await asked("/api/customers", { authorization: `bearer  ${KEYS.read}x` })).statusCode, 401);
  const { body } = await hub.call("POST", "/api/keys", { name: "brief", scope: "read" });
  const { key, secret } = body as { key: { apiKeyId: string }; secret: string };
  const brief = { authorization: `Bearer ${secret}` };
  assert.equal((await asked("/api/customers", brief)).statusCode, 200);
  await hub.call("DELETE", `/api/keys/${key.apiKeyId}`);
  assert.equal((await asked("/api/customers", brief)).statusCode, 401);
});

test("a key is shown once and kept as a hash", async () => {
  const { body } = await hub.call("POST", "/api/keys", { name: "shown once", scope: "read" });
  const { secret } = body as { secret: string };
  const { rows } = await hub.database.db.query<{ row: string }>("select api_key::text as row from api_key");
  assert.ok(rows.every(({ row }) => !row.includes(secret)));
  assert.ok(!JSON.stringify((await hub.call("GET", "/api/keys")).body).includes(secret));
});

test("headers that would change the method, the path or the host change nothing", async () => {
  const headers = { authorization: `Bearer ${KEYS.read}` };
  const before = (await hub.call("GET", "/api/keys")).body;
  for (const name of ["x-http-method-override", "x-http-method", "x-method-override"]) {
    const answer = await hub.app.inject({ url: "/api/customers", headers: { ...headers, [name]: "DELETE" } });
    assert.equal(answer.statusCode, 200);
  }
  for (const url of [
    "/api/..%2fapi/keys",
    "/api/%2e%2e/api/keys",
    "/..%2f..%2fetc/passwd",
    "/api//keys",
    "/API/keys",
    "/api/keys%00",
  ]) {
    const answer = await hub.app.inject({ url, headers });
    assert.ok([400, 401, 403, 404].includes(answer.statusCode), `${url}: ${answer.statusCode}`);
    assert.ok(!answer.body.includes("root:"));
  }
  for (const name of ["x-original-url", "x-rewrite-url"])
    assert.equal(
      (await hub.app.inject({ url: "/api/keys", headers: { ...headers, [name]: "/healthz" } })).statusCode,
      403,
    );
  assert.deepEqual((await hub.call("GET", "/api/keys")).body, before);
});
