import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import type { Role } from "@rapport/contract/api";

import { KEYS, openTestHub, type TestHub } from "../test-hub.ts";
import { insertStaff } from "./index.ts";

/**
 * Who may call what, said once more: by the least role, and by the least scope of an API key (`-` for none). Changing a
 * route's access needs a change here, and a route without a line fails.
 */
const EXPECTED: Record<string, string> = {
  "GET /healthz": "public",
  "GET /api/openapi.json": "public",
  ...Object.fromEntries(
    "/v1/* /beacon/v1/* /cloudevents /sourceConfig /sourceConfig/"
      .split(" ")
      .map((path) => [`OPTIONS ${path}`, "public"]),
  ),
  "GET /v1/projects/:writeKey/settings": "public",
  "GET /customerio/v1/projects/:writeKey/settings": "public",
  "GET /sourceConfig": "write-key",
  "GET /sourceConfig/": "write-key",
  "POST /cloudevents": "write-key",
  ...Object.fromEntries(
    "identify track page screen group alias i t p s g a batch b import merge webhook"
      .split(" ")
      .map((call) => [`POST /v1/${call}`, "write-key"]),
  ),
  "POST /beacon/v1/batch": "write-key",
  ...Object.fromEntries(
    "identify track page screen group alias".split(" ").map((call) => [`GET /v1/pixel/${call}`, "write-key"]),
  ),
  "GET /pixel/v1/track": "write-key",
  "GET /pixel/v1/page": "write-key",
  "POST /gateways/twilio/status": "signed",
  "POST /gateways/twilio/inbound": "signed",
  "POST /api/session": "public",
  "POST /api/session/claim": "public",
  "POST /api/session/code": "public",
  "POST /api/session/passkey/options": "public",
  "POST /api/session/passkey": "public",
  "GET /api/session": "viewer -",
  "DELETE /api/session": "viewer -",
  "GET /api/staff": "manager admin",
  "POST /api/staff": "admin admin",
  "PATCH /api/staff/:staffId": "admin admin",
  "POST /api/staff/:staffId/invitation": "admin admin",
  "POST /api/staff/:staffId/block": "admin admin",
  "POST /api/staff/:staffId/unblock": "admin admin",
  "GET /api/staff/:staffId/sessions": "admin admin",
  "DELETE /api/staff/:staffId/sessions": "admin admin",
  "DELETE /api/staff/:staffId/sessions/:sessionId": "admin admin",
  "DELETE /api/staff/:staffId/second-factor": "admin admin",
  "PATCH /api/second-factor": "admin admin",
  "GET /api/account": "viewer -",
  "POST /api/account/confirm": "viewer -",
  "POST /api/account/password": "viewer -",
  "GET /api/account/sessions": "viewer -",
  "DELETE /api/account/sessions": "viewer -",
  "DELETE /api/account/sessions/:sessionId": "viewer -",
  "POST /api/account/totp": "viewer -",
  "POST /api/account/totp/confirm": "viewer -",
  "DELETE /api/account/totp": "viewer -",
  "POST /api/account/recovery-codes": "viewer -",
  "POST /api/account/passkeys/options": "viewer -",
  "POST /api/account/passkeys": "viewer -",
  "DELETE /api/account/passkeys/:passkeyId": "viewer -",
  "GET /api/keys": "admin admin",
  "POST /api/keys": "admin admin",
  "PATCH /api/keys/:apiKeyId": "admin admin",
  "DELETE /api/keys/:apiKeyId": "admin admin",
  "GET /api/visitor-proof": "admin admin",
  "POST /api/visitor-proof/renew": "admin admin",
  "PATCH /api/visitor-proof": "admin admin",
  "GET /api/audit": "admin admin",
  "GET /api/customers": "viewer read",
  "GET /api/customers/:customerId": "viewer read",
  "GET /api/customers/:customerId/timeline": "viewer read",
  "GET /api/customers/:customerId/forecasts": "viewer read",
  "POST /api/customers/:customerId/consent": "agent admin",
  "POST /api/customers/:customerId/claims/confirm": "agent admin",
  "POST /api/customers/:customerId/unmerge": "agent admin",
  "GET /api/decisions": "viewer read",
  "GET /api/policies": "viewer read",
  "POST /api/policies/:policy/resume": "manager admin",
  "POST /api/policies/:policy/discard": "manager admin",
  "GET /api/customers/:customerId/decisions/:decisionId": "viewer read",
  "POST /api/customers/:customerId/decisions/:decisionId/what-if": "viewer read",
  "POST /api/messages": "agent admin",
  "POST /api/messages/preview": "agent admin",
  "GET /u/:token": "public",
  "POST /u/:token": "public",
  "GET /api/pulse": "viewer read",
  "GET /api/pulse/stream": "viewer read",
  "GET /api/dead-letters": "viewer read",
  "POST /api/dead-letters/resolve": "manager admin",
  "POST /api/dead-letters/return": "manager admin",
  "POST /api/dead-letters/:id/resolve": "manager admin",
  "POST /api/dead-letters/:id/return": "manager admin",
};

const RANKS: Role[] = ["viewer", "agent", "manager", "admin"];
const hub: TestHub = await openTestHub();
const url = await hub.app.listen({ port: 0, host: "127.0.0.1" });
/** The console's files are there when it has been built, and hold no data. */
const routes = hub.routes.filter(({ access }) => !(access.kind === "public" && access.why.startsWith("the console")));
const callers = new Map<string, Record<string, string>>();

before(async () => {
  callers.set("nobody", {});
  callers.set("a wrong key", { authorization: "Bearer rk_admin_wrong" });
  callers.set("a wrong cookie", { cookie: "rapport=wrong" });
  for (const [scope, key] of Object.entries(KEYS)) callers.set(`${scope} key`, { authorization: `Bearer ${key}` });
  for (const role of RANKS) {
    const staff = { staffId: randomUUID(), email: `${role}@roles.example`, name: role, role };
    await insertStaff(hub.database.db, staff, new Date(hub.clock.now()));
    callers.set(role, { cookie: await hub.signedIn(staff.staffId) });
  }
});
after(() => hub.end());

test("every route stands in the table, and every line of the table is a route", () => {
  const named = routes.map(({ method, url: path }) => `${method} ${path}`).sort();
  assert.deepEqual(named, Object.keys(EXPECTED).sort());
});

// Signing out comes last: it ends the sessions that the others are called with.
const signsOut = ({ method, url: path }: { method: string; url: string }) =>
  Number(method === "DELETE" && path === "/api/session");
for (const { method, url: path } of routes.toSorted((a, b) => signsOut(a) - signsOut(b))) {
  test(`${method} ${path} is open to whom the table says, and to nobody else`, async () => {
    const expected = EXPECTED[`${method} ${path}`] ?? "";
    for (const [caller, headers] of callers) {
      const status = await call(method, path, headers);
      const isRefused = status === 401 || status === 403;
      assert.equal(isRefused, !mayCall(caller, expected), `${caller}: ${status}`);
      if (isRefused) assert.equal(status, isKnown(caller) && expected.includes(" ") ? 403 : 401, caller);
    }
  });
}

/** Whoever is known and may not is told so; a write key opens no other door, and is nobody there. */
const isKnown = (caller: string) => ["read key", "admin key", ...RANKS].includes(caller);

function mayCall(caller: string, expected: string): boolean {
  if (expected === "public") return true;
  if (expected === "write-key") return caller === "write key" || caller === "browser key";
  if (expected === "signed") return false;
  const [role, scope] = expected.split(" ");
  if (caller === "read key") return scope === "read";
  if (caller === "admin key") return scope !== "-";
  return RANKS.indexOf(caller as Role) >= RANKS.indexOf(role as Role);
}

async function call(method: string, path: string, headers: Record<string, string>): Promise<number> {
  const filled = path
    .replace(":writeKey", KEYS.write)
    .replace(":id", "1")
    .replaceAll(/:\w+/g, "00000000-0000-4000-8000-00000000abcd")
    .replace("*", "t");
  const hasBody = method === "POST" || method === "PATCH";
  const type = path.startsWith("/gateways") ? "application/x-www-form-urlencoded" : "application/json";
  const answer = await fetch(url + filled, {
    method,
    headers: { ...headers, ...(hasBody ? { "content-type": type } : {}) },
    ...(hasBody ? { body: path.startsWith("/gateways") ? "x=1" : '{"batch":[]}' } : {}),
  });
  await answer.body?.cancel();
  assert.ok(answer.status < 500, `${method} ${path} answered ${answer.status}`);
  if (answer.status >= 400 && path !== "/u/:token")
    assert.match(answer.headers.get("content-type") ?? "", /^application\/problem\+json/, `${method} ${path}`);
  return answer.status;
}
