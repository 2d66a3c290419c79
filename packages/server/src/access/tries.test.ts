import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { openDatabase } from "../platform/database.ts";
import { ADMIN, openTestHub, type TestHub } from "../test-hub.ts";
import { forgetTries, openSignIn } from "./index.ts";

const PASSWORD = "correct horse battery";
const PROXY = "10.1.2.3";
const HOME = "198.51.100.7";
let hub: TestHub;
before(async () => {
  hub = await openTestHub({ trustedProxies: ["10.0.0.0/8", "2001:db8:ffff::1"] });
  await hub.signedIn(ADMIN.staffId, PASSWORD);
});
after(() => hub.end());

/** A password for an account, as a proxy or anybody else hands it on. */
const tried = (email: string, password: string, from: string, headers: Record<string, string> = {}) =>
  hub.app.inject({ method: "POST", url: "/api/session", remoteAddress: from, headers, payload: { email, password } });
const later = () => hub.clock.moveTo(hub.clock.now() + 11 * 60_000);
const rows = async () => (await hub.database.db.query("select 1 from sign_in_try")).rows.length;

test("after eight wrong tries from one peer the account waits there, the right password too", async () => {
  const statuses: number[] = [];
  for (let n = 0; n < 10; n++) statuses.push((await tried(ADMIN.email, "wrong", HOME)).statusCode);
  assert.deepEqual(statuses, [...Array(8).fill(401), 429, 429]);
  const answer = await tried(ADMIN.email, PASSWORD, HOME);
  assert.equal(answer.statusCode, 429);
  assert.ok(Number(answer.headers["retry-after"]) > 0);
  later();
  assert.equal((await tried(ADMIN.email, PASSWORD, HOME)).statusCode, 200);
});

test("ten thousand made-up names from elsewhere do not empty what was counted", async () => {
  for (let n = 0; n < 9; n++) await tried(ADMIN.email, "wrong", "192.0.2.1");
  const { byPassword } = openSignIn({ ...parts(), verifies: async () => false });
  for (let n = 0; n < 10_100; n++) {
    const address = `10.${n >> 12}.${(n >> 4) & 255}.${n & 15}`;
    await byPassword(`made-up-${n}@rapport.example`, "x", { address, browser: null }).catch(() => undefined);
  }
  assert.equal((await tried(ADMIN.email, PASSWORD, "192.0.2.1")).statusCode, 429);
  later();
});

test("a thousand tries from one peer at ever new names are stopped, and leave little behind", async () => {
  const before = await rows();
  let verified = 0;
  for (let n = 0; n < 1_000; n++) {
    const { statusCode } = await tried(`guess${n}@rapport.example`, "x", "203.0.113.50");
    if (statusCode !== 429) verified += 1;
  }
  assert.equal(verified, 40);
  assert.ok((await rows()) - before <= 81, `${(await rows()) - before} rows`);
  later();
});

test("many peers together guess at one account no faster, and a colleague who is known at a peer is not held up", async () => {
  assert.equal((await tried(ADMIN.email, PASSWORD, HOME)).statusCode, 200);
  let verified = 0;
  for (let n = 0; n < 300; n++) {
    const { statusCode } = await tried(ADMIN.email, "wrong", `192.0.${n % 250}.${n >> 3}`);
    if (statusCode !== 429) verified += 1;
  }
  assert.equal(verified, 40);
  assert.equal((await tried(ADMIN.email, PASSWORD, "192.0.2.99")).statusCode, 429);
  assert.equal((await tried(ADMIN.email, PASSWORD, HOME)).statusCode, 200);
  later();
});

test("a whole IPv6 network of one customer is one peer", async () => {
  let verified = 0;
  for (let n = 0; n < 100; n++) {
    const { statusCode } = await tried(`six${n}@rapport.example`, "x", `2001:db8:5:6::${n.toString(16)}`);
    if (statusCode !== 429) verified += 1;
  }
  assert.equal(verified, 40);
  assert.equal((await tried("six@rapport.example", "x", "2001:db8:5:7::1")).statusCode, 401);
});

test("two processes count together, and of tries at once no more get in than there is room for", async () => {
  const other = openDatabase(hub.database.url, { poolSize: 4, name: "other" });
  let verified = 0;
  const verifies = async () => {
    verified += 1;
    return false;
  };
  const processes = [openSignIn({ ...parts(), verifies }), openSignIn({ ...parts(), db: other, verifies })];
  const from = { address: "203.0.113.80", browser: null };
  const all = Array.from({ length: 60 }, (_, n) => processes[n % 2]?.byPassword("both@rapport.example", "x", from));
  assert.ok((await Promise.allSettled(all)).every(({ status }) => status === "rejected"));
  await other.close();
  assert.equal(verified, 8);
});

test("a proxy of ours says who is calling, and nobody else does", async () => {
  const forwarded = (client: string) => ({ "x-forwarded-for": client });
  let verified = 0;
  for (let n = 0; n < 60; n++)
    if ((await tried(`by-proxy${n}@x.example`, "x", PROXY, forwarded(`192.0.2.${n}`))).statusCode === 401)
      verified += 1;
  assert.equal(verified, 60, "many clients of a proxy are many peers");
  verified = 0;
  for (let n = 0; n < 60; n++) {
    const headers = { ...forwarded(`192.0.2.${n}`), forwarded: `for=10.1.1.${n}`, "x-real-ip": `10.9.9.${n}` };
    if ((await tried(`stranger${n}@x.example`, "x", "203.0.113.90", headers)).statusCode === 401) verified += 1;
  }
  assert.equal(verified, 40, "a stranger's word on it counts for nothing");
  verified = 0;
  for (let n = 0; n < 60; n++) {
    const spoofed = forwarded(`192.0.2.${n}, 203.0.113.91`);
    if ((await tried(`spoof${n}@x.example`, "x", PROXY, spoofed)).statusCode === 401) verified += 1;
  }
  assert.equal(verified, 40, "what a client wrote before the proxy counts for nothing");
});

test("old tries are forgotten, and who is known at a peer is not", async () => {
  later();
  await hub.database.db.query("delete from sign_in_try");
  await tried("gone@rapport.example", "x", "203.0.113.99");
  assert.equal((await tried(ADMIN.email, PASSWORD, HOME)).statusCode, 200);
  hub.clock.moveTo(hub.clock.now() + 25 * 3_600_000);
  await forgetTries(hub.database.db, new Date(hub.clock.now() - 24 * 3_600_000), new Date(hub.clock.now()));
  assert.equal(await rows(), 1);
});

test("what is counted names nobody: accounts and peers are kept by keyed hash", async () => {
  const { rows: kept } = await hub.database.db.query<{ text: string }>(
    "select known::text as text from sign_in_try known",
  );
  assert.ok(kept.length > 0 && kept.every(({ text }) => !text.includes("rapport") && !text.includes("198.51")));
});

function parts() {
  return { db: hub.database.db, clock: hub.clock, secret: "secret", publicUrl: "https://hub.example" };
}
