import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { ApiKeyShown, Invited, SecondFactorAsked, SessionList, TotpOffered } from "@rapport/contract/api";
import { Secret } from "otpauth";

import { openTestHub, type TestHub } from "../test-hub.ts";
import { totpCode } from "./second-factor/totp.ts";

const PASSWORD = "correct horse battery";
let hub: TestHub;
before(async () => {
  hub = await openTestHub();
});
after(() => hub.end());

const as: TestHub["as"] = (...asked) => hub.as(...asked);
let people = 0;
async function joined() {
  const email = `one${people++}@deeds.example`;
  const { body } = await hub.call("POST", "/api/staff", { email, name: email, role: "agent" });
  const { staff } = body as Invited;
  return { ...staff, cookie: await hub.signedIn(staff.staffId, PASSWORD) };
}
/** A colleague with an authenticator app, and its code of now. */
async function withApp() {
  const who = await joined();
  const { body } = await as<TotpOffered>(who.cookie, "POST", "/api/account/totp");
  const code = () => totpCode(Buffer.from(Secret.fromBase32(body.secret).buffer), hub.clock.now());
  assert.equal((await as(who.cookie, "POST", "/api/account/totp/confirm", { code: code() })).status, 200);
  hub.clock.moveTo(hub.clock.now() + 60_000);
  return { ...who, code };
}
/** The actions that the log gets while this is done. */
async function logged(deed: () => Promise<unknown>): Promise<string[]> {
  const actions = async () =>
    (await hub.database.db.query<{ action: string }>("select action from audit order by position")).rows;
  const { length } = await actions();
  await deed();
  return (await actions()).slice(length).map(({ action }) => action);
}

test("a new password by a one-time link is logged when it is set, also where a second factor is asked then", async () => {
  const who = await withApp();
  const { body } = await hub.call("POST", `/api/staff/${who.staffId}/invitation`);
  const { token } = body as Invited;
  let pending = "";
  const claimed = await logged(async () => {
    const answer = await as<SecondFactorAsked>("", "POST", "/api/session/claim", {
      token,
      password: "another long one",
    });
    assert.equal(answer.status, 202);
    pending = answer.body.pending;
  });
  assert.deepEqual(claimed, ["session.claimed"]);
  const finished = await logged(() => as("", "POST", "/api/session/code", { pending, code: who.code() }));
  assert.deepEqual(finished, []);
});

test("a colleague who ends own sessions is logged, and one who has no others is not", async () => {
  const who = await joined();
  await as("", "POST", "/api/session", { email: who.email, password: PASSWORD });
  const { body } = await as<SessionList>(who.cookie, "GET", "/api/account/sessions");
  const url = `/api/account/sessions/${body.sessions.find((one) => !one.isThis)?.sessionId}`;
  assert.deepEqual(await logged(() => as(who.cookie, "DELETE", url)), ["account.session-ended"]);
  assert.deepEqual(await logged(() => as(who.cookie, "DELETE", "/api/account/sessions")), []);
});

test("an app that is set up is not confirmed again, and the log does not say so", async () => {
  const who = await withApp();
  const again = await logged(async () => {
    const answer = await as<{ type: string }>(who.cookie, "POST", "/api/account/totp/confirm", { code: who.code() });
    assert.equal(answer.body.type, "second-factor/present");
  });
  assert.deepEqual(again, []);
});

test("what is so already is done once in the log: a role, a block, its end, a rule, an origin", async () => {
  const { staffId } = await joined();
  const { body } = await hub.call("POST", "/api/keys", { name: "pages", scope: "write" });
  const { key } = body as ApiKeyShown;
  for (const [action, method, url, asked] of [
    ["staff.role-changed", "PATCH", `/api/staff/${staffId}`, { role: "viewer" }],
    ["staff.blocked", "POST", `/api/staff/${staffId}/block`, undefined],
    ["staff.unblocked", "POST", `/api/staff/${staffId}/unblock`, undefined],
    ["second-factor.rule-changed", "PATCH", "/api/second-factor", { required: true }],
    ["second-factor.rule-changed", "PATCH", "/api/second-factor", { required: false }],
    ["key.origin-changed", "PATCH", `/api/keys/${key.apiKeyId}`, { origin: "server" }],
  ] as const) {
    const twice = await logged(async () => {
      for (const _ of [1, 2]) assert.equal((await hub.call(method, url, asked)).status, 204);
    });
    assert.deepEqual(twice, [action], url);
  }
});
