import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import type { AuditList, Colleague, Invited, SessionList } from "@rapport/contract/api";

import { ADMIN, openTestHub, type TestHub } from "../../test-hub.ts";

const PASSWORD = "correct horse battery";
let hub: TestHub;
let admin: string;
before(async () => {
  hub = await openTestHub();
  admin = await hub.signedIn();
});
after(() => hub.end());

const as: TestHub["as"] = (...asked) => hub.as(...asked);
const typeOf = ({ body }: { body: unknown }) => (body as { type?: string } | null)?.type;
const signIn = (email: string, password = PASSWORD) => as("", "POST", "/api/session", { email, password });
const isIn = async (cookie: string) => (await as(cookie, "GET", "/api/session")).status === 200;
const invite = async (email: string, role = "agent") =>
  (await as(admin, "POST", "/api/staff", { email, name: email, role })).body as Invited;
const colleague = async (email: string) => {
  const { body } = await as(admin, "GET", "/api/staff");
  return (body as { staff: Colleague[] }).staff.find((one) => one.email === email);
};
/** A colleague who has chosen a password. */
async function joined(email: string, role = "agent") {
  const { staff } = await invite(email, role);
  return { ...staff, cookie: await hub.signedIn(staff.staffId, PASSWORD) };
}

test("a colleague is invited, active and blocked, and the list says which, and when each was last here", async () => {
  const { staff } = await invite("state@x.example");
  assert.deepEqual(
    [(await colleague(staff.email))?.state, (await colleague(staff.email))?.lastSeenAt],
    ["invited", null],
  );
  const cookie = await hub.signedIn(staff.staffId, PASSWORD);
  assert.equal((await colleague(staff.email))?.state, "active");
  hub.clock.moveTo(hub.clock.now() + 5 * 60_000);
  await as(cookie, "GET", "/api/customers");
  assert.equal((await colleague(staff.email))?.lastSeenAt, hub.clock.now());
  assert.equal((await as(admin, "POST", `/api/staff/${staff.staffId}/block`)).status, 204);
  assert.equal((await colleague(staff.email))?.state, "blocked");
});

test("whoever is blocked is out at once: sessions, links and passwords open nothing until unblocked", async () => {
  const bob = await joined("bob@x.example");
  const link = ((await as(admin, "POST", `/api/staff/${bob.staffId}/invitation`)).body as Invited).token;
  assert.equal((await as(admin, "POST", `/api/staff/${bob.staffId}/block`)).status, 204);
  assert.equal(await isIn(bob.cookie), false);
  assert.equal((await signIn(bob.email)).status, 401);
  assert.equal((await as("", "POST", "/api/session/claim", { token: link, password: PASSWORD })).status, 401);
  assert.equal((await as(admin, "POST", `/api/staff/${bob.staffId}/invitation`)).status, 404);

  assert.equal((await as(admin, "POST", `/api/staff/${bob.staffId}/unblock`)).status, 204);
  assert.equal(await isIn(bob.cookie), false, "an old session stays ended");
  assert.equal((await signIn(bob.email)).status, 200);
});

test("a sign-in that is under way while somebody is blocked opens nothing that outlives it", async () => {
  const eve = await joined("eve@x.example");
  for (let n = 0; n < 5; n++) {
    const [signed] = await Promise.all([signIn(eve.email), as(admin, "POST", `/api/staff/${eve.staffId}/block`)]);
    await as(admin, "POST", `/api/staff/${eve.staffId}/unblock`);
    assert.equal(await isIn(signed.cookie), false);
  }
});

test("a link that is made, or used, while its colleague is blocked is no way in when the block is lifted", async () => {
  let refused = 0;
  for (let n = 0; n < 12; n++) {
    const { staff, token } = await invite(`race${n}@x.example`);
    const from = `198.51.100.${n}`;
    const claim = (one: string) => as("", "POST", "/api/session/claim", { token: one, password: PASSWORD }, from);
    const [made, used] = await Promise.all([
      as<Invited>(admin, "POST", `/api/staff/${staff.staffId}/invitation`),
      claim(token),
      as(admin, "POST", `/api/staff/${staff.staffId}/block`),
    ]);
    await as(admin, "POST", `/api/staff/${staff.staffId}/unblock`);
    if (made.status === 200) assert.equal((await claim(made.body.token)).status, 401);
    if (used.status === 401) {
      refused += 1;
      assert.equal(
        (await as("", "POST", "/api/session", { email: staff.email, password: PASSWORD }, from)).status,
        401,
      );
    }
  }
  assert.ok(refused > 0, "some came too late");
});

test("of links that are made again at once one is good", async () => {
  const { staff } = await invite("at-once@x.example");
  for (let n = 0; n < 5; n++) {
    const url = `/api/staff/${staff.staffId}/invitation`;
    const made = await Promise.all([1, 2, 3].map(() => as<Invited>(admin, "POST", url)));
    assert.deepEqual(
      made.map(({ status }) => status),
      [200, 200, 200],
    );
    const { rows } = await hub.database.db.query("select 1 from sign_in_token where staff_id = $1", [staff.staffId]);
    assert.equal(rows.length, 1);
  }
});

test("an invitation again makes a new link and voids the one before", async () => {
  const { staff, token } = await invite("again@x.example");
  const { body } = await as(admin, "POST", `/api/staff/${staff.staffId}/invitation`);
  const again = (body as Invited).token;
  const claimed = (one: string) => as("", "POST", "/api/session/claim", { token: one, password: PASSWORD });
  assert.equal((await claimed(token)).status, 401);
  assert.equal((await claimed(again)).status, 200);
  assert.equal((await claimed(again)).status, 401);
});

test("one address is one colleague, whatever its case, its blanks or its Unicode form", async () => {
  assert.ok((await invite("josé@müller.example")).token);
  for (const twin of [
    "JOSÉ@müller.example",
    " jose\u0301@mu\u0308ller.example ",
    "josé@MÜLLER.example",
    "josé@xn--mller-kva.example",
  ]) {
    const answer = await as(admin, "POST", "/api/staff", { email: twin, name: "Twin", role: "admin" });
    assert.equal(typeOf(answer), "staff/email-taken", twin);
  }
});

test("two invitations of one address at once make one colleague", async () => {
  const asked = { email: "once@x.example", name: "Once", role: "agent" };
  const answers = await Promise.all(Array.from({ length: 6 }, () => as(admin, "POST", "/api/staff", asked)));
  assert.deepEqual(answers.map((one) => one.status).sort(), [200, 409, 409, 409, 409, 409]);
});

test("the last administrator can be neither demoted nor blocked, by nobody", async () => {
  await invite("only-invited@x.example", "admin");
  for (const call of [
    () => as(admin, "PATCH", `/api/staff/${ADMIN.staffId}`, { role: "viewer" }),
    () => as(admin, "POST", `/api/staff/${ADMIN.staffId}/block`),
    () => hub.call("PATCH", `/api/staff/${ADMIN.staffId}`, { role: "manager" }),
    () => hub.call("POST", `/api/staff/${ADMIN.staffId}/block`),
  ])
    assert.equal(typeOf(await call()), "staff/last-admin");
  assert.equal((await as(admin, "PATCH", `/api/staff/${ADMIN.staffId}`, { role: "admin" })).status, 204);
});

test("of two administrators who take each other's place away at the same moment, one stays", async () => {
  for (let n = 0; n < 8; n++) {
    const carl = await joined(`carl${n}@x.example`, "admin");
    const deed = (by: string, of: string) =>
      n % 2 ? as(by, "POST", `/api/staff/${of}/block`) : as(by, "PATCH", `/api/staff/${of}`, { role: "viewer" });
    const answers = await Promise.all([deed(admin, carl.staffId), deed(carl.cookie, ADMIN.staffId)]);
    const { rows } = await hub.database.db.query<{ staffId: string }>(
      `select staff_id as "staffId" from staff where role = 'admin' and disabled_at is null and password_hash is not null`,
    );
    assert.equal(rows.length, 1, JSON.stringify(answers.map((one) => one.body)));
    await hub.database.db.query("update staff set role = 'admin', disabled_at = null where staff_id = $1", [
      ADMIN.staffId,
    ]);
    await hub.database.db.query("update staff set role = 'viewer' where staff_id = $1", [carl.staffId]);
    if (!(await isIn(admin))) admin = await hub.signedIn();
  }
});

test("a colleague changes the own password with the present one, and every other session ends", async () => {
  const dora = await joined("dora@x.example");
  const elsewhere = (await signIn(dora.email)).cookie;
  const change = { present: "not it, no", password: "another good one" };
  assert.equal((await as(dora.cookie, "POST", "/api/account/password", change)).status, 400);
  assert.equal(await isIn(elsewhere), true);
  const answer = await as(dora.cookie, "POST", "/api/account/password", { ...change, present: PASSWORD });
  assert.equal(answer.status, 200);
  assert.deepEqual([await isIn(elsewhere), await isIn(dora.cookie), await isIn(answer.cookie)], [false, false, true]);
  assert.equal((await signIn(dora.email)).status, 401);
  assert.equal((await signIn(dora.email, "another good one")).status, 200);
});

test("somebody at an unlocked screen does not guess the present password for long", async () => {
  const fay = await joined("fay@x.example");
  const statuses: number[] = [];
  for (let n = 0; n < 10; n++)
    statuses.push((await as(fay.cookie, "POST", "/api/account/confirm", { password: `guess ${n}` })).status);
  assert.deepEqual(statuses, [...Array(8).fill(400), 429, 429]);
});

test("a colleague sees the own sessions, from where and which browser, and ends one or all the others", async () => {
  const gus = await joined("gus@x.example");
  const [second, third] = [await signIn(gus.email), await signIn(gus.email)];
  const own = async () => ((await as(gus.cookie, "GET", "/api/account/sessions")).body as SessionList).sessions;
  const seen = await own();
  assert.equal(seen.length, 3);
  assert.equal(seen.filter((one) => one.isThis).length, 1);
  const other = seen.find((one) => !one.isThis && one.address === "198.51.100.9");
  assert.match(other?.browser ?? "", /Firefox/);
  assert.ok(!JSON.stringify(seen).includes(second.cookie.slice(8)));
  assert.equal((await as(gus.cookie, "DELETE", `/api/account/sessions/${other?.sessionId}`)).status, 204);
  assert.equal((await own()).length, 2);
  assert.equal((await as(gus.cookie, "DELETE", "/api/account/sessions")).status, 204);
  assert.deepEqual([await isIn(gus.cookie), await isIn(second.cookie), await isIn(third.cookie)], [true, false, false]);
});

test("nobody ends a session of another's by its id, but an administrator does, and signs a colleague out everywhere", async () => {
  const [hal, ida] = [await joined("hal@x.example"), await joined("ida@x.example")];
  const { body } = await as(admin, "GET", `/api/staff/${hal.staffId}/sessions`);
  const [session] = (body as SessionList).sessions;
  assert.equal((await as(ida.cookie, "DELETE", `/api/account/sessions/${session?.sessionId}`)).status, 404);
  assert.equal((await as(ida.cookie, "GET", `/api/staff/${hal.staffId}/sessions`)).status, 403);
  const url = (of: string) => `/api/staff/${of}/sessions/${session?.sessionId}`;
  assert.equal((await as(admin, "DELETE", url(ida.staffId))).status, 404);
  assert.equal((await as(admin, "DELETE", url(hal.staffId))).status, 204);
  assert.equal(await isIn(hal.cookie), false);
  assert.equal((await as(admin, "DELETE", `/api/staff/${ida.staffId}/sessions`)).status, 204);
  assert.equal(await isIn(ida.cookie), false);
});

test("the sessions of nobody are 404, for whoever reads or ends them, and the log says nothing of them", async () => {
  const url = `/api/staff/${randomUUID()}/sessions`;
  for (const method of ["GET", "DELETE"] as const)
    assert.equal(typeOf(await as(admin, method, url)), "staff/not-found", method);
  const { rows } = await hub.database.db.query("select 1 from audit where subject = $1", [url.split("/")[3]]);
  assert.deepEqual(rows, []);
});

test("signing in ends the session that the browser had, and of more than fifty sessions the oldest end", async () => {
  const jo = await joined("jo@x.example");
  const again = await as(jo.cookie, "POST", "/api/session", { email: jo.email, password: PASSWORD });
  assert.deepEqual([await isIn(jo.cookie), await isIn(again.cookie)], [false, true]);
  for (let n = 0; n < 51; n++) {
    hub.clock.moveTo(hub.clock.now() + 60_000);
    assert.equal((await signIn(jo.email)).status, 200);
  }
  const { body } = await as(admin, "GET", `/api/staff/${jo.staffId}/sessions`);
  assert.equal((body as SessionList).sessions.length, 50);
  assert.equal(await isIn(again.cookie), false);
});

test("whatever was done to a colleague stands in the audit log, with who did it", async () => {
  const { body } = await as(admin, "GET", "/api/audit");
  const { entries } = body as AuditList;
  const actions = new Set(entries.filter((one) => one.actor === ADMIN.email).map((one) => one.action));
  for (const action of [
    "staff.invited-again",
    "staff.blocked",
    "staff.unblocked",
    "staff.role-changed",
    "staff.signed-out",
  ])
    assert.ok(actions.has(action), action);
});
