import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Account, Invited, RecoveryCodes, SecondFactorAsked, TotpOffered } from "@rapport/contract/api";
import { Secret } from "otpauth";

import { ADMIN, openTestHub, type TestHub } from "../../test-hub.ts";
import { totpCode } from "./totp.ts";

const PASSWORD = "correct horse battery";
let hub: TestHub;
let admin: string;
before(async () => {
  hub = await openTestHub();
  admin = await hub.signedIn();
});
after(() => hub.end());

const as: TestHub["as"] = (...asked) => hub.as(...asked);
type Problem = { type: string };
const later = (minutes: number) => hub.clock.moveTo(hub.clock.now() + minutes * 60_000);
const codeNow = (secret: string, steps = 0) =>
  totpCode(Buffer.from(Secret.fromBase32(secret).buffer), hub.clock.now() + steps * 30_000);
const signIn = (email: string) => as<SecondFactorAsked>("", "POST", "/api/session", { email, password: PASSWORD });
const byCode = (pending: string, code: string) => as<Problem>("", "POST", "/api/session/code", { pending, code });

async function joined(email: string) {
  const { body } = await as<Invited>(admin, "POST", "/api/staff", { email, name: email, role: "agent" });
  return { ...body.staff, cookie: await hub.signedIn(body.staff.staffId, PASSWORD) };
}
/** With an authenticator app set up. */
async function enrolled(email: string) {
  const colleague = await joined(email);
  const { body: offered } = await as<TotpOffered>(colleague.cookie, "POST", "/api/account/totp");
  const code = codeNow(offered.secret);
  const { status, body } = await as<RecoveryCodes>(colleague.cookie, "POST", "/api/account/totp/confirm", { code });
  assert.equal(status, 200);
  later(1);
  return { ...colleague, secret: offered.secret, codes: body.codes };
}

test("with an app set up the password is not enough: a code of it is asked, and lets in", async () => {
  const ann = await enrolled("ann@x.example");
  const asked = await signIn(ann.email);
  assert.equal(asked.status, 202);
  assert.equal(asked.cookie, "");
  assert.deepEqual(asked.body.ways, ["code", "recovery-code"]);
  const wrong = await byCode(asked.body.pending, codeNow(ann.secret, 5));
  assert.deepEqual([wrong.status, wrong.cookie], [401, ""]);
  const right = await byCode(asked.body.pending, codeNow(ann.secret));
  assert.equal(right.status, 200);
  assert.equal((await as(right.cookie, "GET", "/api/session")).status, 200);
  assert.equal((await byCode(asked.body.pending, codeNow(ann.secret, 1))).status, 401, "a sign-in is finished once");
});

test("a code works once, for the fastest of any number who have it", async () => {
  const bob = await enrolled("bob@x.example");
  const pendings = await Promise.all(Array.from({ length: 5 }, async () => (await signIn(bob.email)).body.pending));
  const code = codeNow(bob.secret);
  const answers = await Promise.all(pendings.map((pending) => byCode(pending, code)));
  assert.deepEqual(answers.map((one) => one.status).sort(), [200, 401, 401, 401, 401]);
  later(20);
  const asked = await signIn(bob.email);
  assert.equal((await byCode(asked.body.pending, code)).status, 401, "nor later");
});

test("the code that confirmed the app signs nobody in", async () => {
  const { cookie, email } = await joined("confirming@x.example");
  const { body } = await as<TotpOffered>(cookie, "POST", "/api/account/totp");
  const code = codeNow(body.secret);
  assert.equal((await as(cookie, "POST", "/api/account/totp/confirm", { code })).status, 200);
  assert.equal((await byCode((await signIn(email)).body.pending, code)).status, 401);
});

test("ten recovery codes stand in for the app, each once, however they are typed, and new ones void them", async () => {
  const eve = await enrolled("eve@x.example");
  assert.equal(new Set(eve.codes).size, 10);
  const [first = "", second = "", third = ""] = eve.codes;
  const used = async (code: string) => (await byCode((await signIn(eve.email)).body.pending, code)).status;
  assert.deepEqual([await used(first), await used(first)], [200, 401]);
  assert.equal(await used(` ${second.toUpperCase().replace("-", " ")} `), 200);
  const { rows } = await hub.database.db.query<{ row: string }>("select recovery_code::text as row from recovery_code");
  assert.ok(rows.every(({ row }) => !row.includes(third)));
  later(11);
  const { cookie } = await byCode((await signIn(eve.email)).body.pending, codeNow(eve.secret));
  const renewed = await as<RecoveryCodes>(cookie, "POST", "/api/account/recovery-codes");
  assert.equal(renewed.body.codes.length, 10);
  assert.equal(await used(third), 401);
  assert.equal(await used(renewed.body.codes[0] ?? ""), 200);
});

test("codes are not guessed: after eight wrong ones the account waits, from wherever", async () => {
  const fay = await enrolled("fay@x.example");
  later(11);
  const statuses: number[] = [];
  for (let n = 0; n < 10; n++) {
    const { body } = await signIn(fay.email);
    if (!body.pending) break;
    statuses.push((await byCode(body.pending, String(100_000 + n))).status);
  }
  assert.equal(statuses.filter((status) => status === 401).length, 8);
  later(11);
});

test("a sign-in that waits for its second step is no session, ends after ten minutes and with a new password", async () => {
  const gus = await enrolled("gus@x.example");
  const first = (await signIn(gus.email)).body.pending;
  assert.equal((await as(`rapport=${first}`, "GET", "/api/session")).status, 401);
  later(11);
  assert.equal((await byCode(first, codeNow(gus.secret))).status, 401);
  const second = (await signIn(gus.email)).body.pending;
  const { body } = await as<Invited>(admin, "POST", `/api/staff/${gus.staffId}/invitation`);
  const claimed = await as<SecondFactorAsked>("", "POST", "/api/session/claim", {
    token: body.token,
    password: PASSWORD,
  });
  assert.equal(claimed.status, 202, "a one-time link replaces the password, not the second factor");
  assert.equal((await byCode(second, codeNow(gus.secret))).status, 401);
  assert.equal((await byCode(claimed.body.pending, codeNow(gus.secret, 1))).status, 200);
});

test("an app that was never confirmed asks nobody for a code; a confirmed one is not replaced behind its owner", async () => {
  const hal = await joined("hal@x.example");
  await as(hal.cookie, "POST", "/api/account/totp");
  assert.equal((await signIn(hal.email)).status, 200);
  const ida = await enrolled("ida@x.example");
  const again = await as<Problem>(ida.cookie, "POST", "/api/account/totp");
  assert.equal(again.body.type, "second-factor/present");
});

test("ten minutes after signing in the password is asked before a second factor changes", async () => {
  const jo = await enrolled("jo@x.example");
  later(11);
  for (const [method, url] of [
    ["DELETE", "/api/account/totp"],
    ["POST", "/api/account/totp"],
    ["POST", "/api/account/recovery-codes"],
    ["POST", "/api/account/passkeys/options"],
    ["DELETE", "/api/account/passkeys/x"],
  ] as const)
    assert.equal((await as<Problem>(jo.cookie, method, url)).body.type, "access/confirm-needed", `${method} ${url}`);
  assert.equal((await as(jo.cookie, "POST", "/api/account/confirm", { password: PASSWORD })).status, 204);
  assert.equal((await as(jo.cookie, "DELETE", "/api/account/totp")).status, 204);
  const { body } = await as<Account>(jo.cookie, "GET", "/api/account");
  assert.deepEqual([body.hasTotp, body.recoveryCodesLeft], [false, 0]);
  assert.equal((await signIn(jo.email)).status, 200);
});

test("an administrator resets a colleague's second factor, and it stands in the log", async () => {
  const kim = await enrolled("kim@x.example");
  const url = `/api/staff/${kim.staffId}/second-factor`;
  assert.equal((await as(kim.cookie, "DELETE", url)).status, 403);
  assert.equal((await as(admin, "DELETE", url)).status, 204);
  assert.equal((await as(admin, "DELETE", url)).status, 404);
  assert.equal((await signIn(kim.email)).status, 200);
  const { rows } = await hub.database.db.query("select 1 from audit where action = 'staff.second-factor-reset'");
  assert.equal(rows.length, 1);
});

test("where it is required, whoever has none sets one up before anything else", async () => {
  const leo = await joined("leo@x.example");
  const rule = (required: boolean) => as<Problem>(admin, "PATCH", "/api/second-factor", { required });
  assert.equal((await rule(true)).body.type, "second-factor/own-first");
  const { body: own } = await as<TotpOffered>(admin, "POST", "/api/account/totp").then(async (answer) => {
    if (answer.status === 200) return answer;
    admin = await hub.signedIn(ADMIN.staffId, PASSWORD);
    return as<TotpOffered>(admin, "POST", "/api/account/totp");
  });
  assert.equal((await as(admin, "POST", "/api/account/totp/confirm", { code: codeNow(own.secret) })).status, 200);
  assert.equal((await rule(true)).status, 204);

  const signed = await as<{ mustEnrol: boolean }>("", "POST", "/api/session", { email: leo.email, password: PASSWORD });
  assert.deepEqual([signed.status, signed.body.mustEnrol], [200, true]);
  for (const [method, url] of [
    ["GET", "/api/customers"],
    ["GET", "/api/pulse"],
    ["GET", "/api/pulse/stream"],
  ] as const)
    assert.equal((await as<Problem>(signed.cookie, method, url)).body.type, "access/second-factor-needed", url);
  assert.equal((await as(signed.cookie, "GET", "/api/account")).status, 200);
  const { body } = await as<TotpOffered>(signed.cookie, "POST", "/api/account/totp");
  await as(signed.cookie, "POST", "/api/account/totp/confirm", { code: codeNow(body.secret) });
  assert.equal((await as(signed.cookie, "GET", "/api/customers")).status, 200);
  assert.equal((await rule(false)).status, 204);
});

test("a passkey that was never made here, or for another, lets nobody in", async () => {
  const options = await as<{ pending: string; options: { challenge: string; rpId: string } }>(
    "",
    "POST",
    "/api/session/passkey/options",
    {},
  );
  assert.equal(options.status, 200);
  assert.equal(options.body.options.rpId, "hub.example");
  for (const answer of [{}, { id: 7 }, { id: "x" }, { id: "x", rawId: "x", type: "public-key", response: {} }]) {
    const { status } = await as("", "POST", "/api/session/passkey", { pending: options.body.pending, answer });
    assert.equal(status, 401, JSON.stringify(answer));
  }
});
