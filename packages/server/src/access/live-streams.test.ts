import assert from "node:assert/strict";
import { get, type IncomingMessage } from "node:http";
import { after, before, test } from "node:test";
import type { Invited } from "@rapport/contract/api";

import { openTestHub, type TestHub } from "../test-hub.ts";

const SOON_MS = 4_000;
let hub: TestHub;
let url: string;
before(async () => {
  hub = await openTestHub();
  await hub.signedIn();
  url = await hub.app.listen({ port: 0, host: "127.0.0.1" });
});
after(() => hub.end());

const listen = (headers: Record<string, string>) =>
  new Promise<IncomingMessage>((resolve, reject) => {
    get(`${url}/api/pulse/stream`, { headers, agent: false }, resolve).on("error", reject);
  });
/** Whether a stream ends within some seconds. */
async function ends(stream: IncomingMessage): Promise<boolean> {
  stream.resume();
  return Promise.race([
    new Promise<boolean>((resolve) => stream.on("end", () => resolve(true))),
    new Promise<boolean>((resolve) => setTimeout(() => resolve(false), SOON_MS).unref()),
  ]);
}
let count = 0;
async function joined() {
  const body = { email: `listener${count++}@x.example`, name: "Listener", role: "viewer" };
  const { staff } = (await hub.call("POST", "/api/staff", body)).body as Invited;
  return { ...staff, cookie: await hub.signedIn(staff.staffId) };
}

const ways: [how: string, end: (who: { staffId: string; cookie: string }) => Promise<unknown>][] = [
  [
    "the colleague signs out",
    ({ cookie }) => hub.app.inject({ method: "DELETE", url: "/api/session", headers: { cookie } }),
  ],
  ["the colleague is blocked", ({ staffId }) => hub.call("POST", `/api/staff/${staffId}/block`)],
  ["the colleague is signed out everywhere", ({ staffId }) => hub.call("DELETE", `/api/staff/${staffId}/sessions`)],
  [
    "a second factor becomes required and the colleague has none",
    () => hub.call("PATCH", "/api/second-factor", { required: true }),
  ],
  ["the session runs out", async () => hub.clock.moveTo(hub.clock.now() + 13 * 3_600_000)],
];
for (const [how, end] of ways) {
  test(`a live stream ends within seconds when ${how}`, async () => {
    const who = await joined();
    const stream = await listen({ cookie: who.cookie });
    assert.equal(stream.statusCode, 200);
    assert.equal(stream.headers["cache-control"], "no-store");
    assert.match(String(stream.headers["content-security-policy"]), /default-src 'none'/);
    assert.match(String(stream.headers["strict-transport-security"]), /max-age/);
    const ended = ends(stream);
    await end(who);
    assert.equal(await ended, true);
    await hub.call("PATCH", "/api/second-factor", { required: false });
  });
}

test("a live stream ends when the key that opened it is revoked, and others go on", async () => {
  const { body } = await hub.call("POST", "/api/keys", { name: "brief", scope: "read" });
  const { key, secret } = body as { key: { apiKeyId: string }; secret: string };
  const who = await joined();
  const [stream, other] = [await listen({ authorization: `Bearer ${secret}` }), await listen({ cookie: who.cookie })];
  const [ended, otherEnded] = [ends(stream), ends(other)];
  await hub.call("DELETE", `/api/keys/${key.apiKeyId}`);
  assert.equal(await ended, true);
  assert.equal(await otherEnded, false);
  other.destroy();
});

test("a session has eight streams at once and no more, and the place of one that ended is free", async () => {
  const { cookie } = await joined();
  const streams = await Promise.all(Array.from({ length: 8 }, () => listen({ cookie })));
  assert.deepEqual(
    streams.map((one) => one.statusCode),
    Array(8).fill(200),
  );
  const ninth = await listen({ cookie });
  assert.equal(ninth.statusCode, 429);
  ninth.resume();
  streams[0]?.destroy();
  const until = Date.now() + SOON_MS;
  let again = ninth;
  while (again.statusCode !== 200 && Date.now() < until) {
    again = await listen({ cookie });
    if (again.statusCode !== 200) again.resume();
  }
  assert.equal(again.statusCode, 200);
  for (const one of [...streams, again]) one.destroy();
});
