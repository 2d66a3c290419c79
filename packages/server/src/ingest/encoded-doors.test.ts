import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";

import { KEYS, openTestHub, type TestHub } from "../test-hub.ts";

let hub: TestHub;
before(async () => {
  hub = await openTestHub();
});
after(() => hub.end());

async function post(url: string, contentEncoding: string, payload: Buffer | string) {
  const isApi = url.startsWith("/api/");
  const answer = await hub.app.inject({
    method: "POST",
    url,
    headers: {
      authorization: `Bearer ${isApi ? KEYS.admin : hub.writeKey}`,
      "content-type": url === "/cloudevents" ? "application/cloudevents+json" : "application/json",
      "content-encoding": contentEncoding,
    },
    payload,
  });
  await hub.idle();
  return answer;
}

async function eventsOf(who: string): Promise<number> {
  const { body } = await hub.call("GET", `/api/customers?q=${encodeURIComponent(who)}`);
  return (body as { customers: { events: number }[] }).customers[0]?.events ?? 0;
}

const ways: [contentEncoding: string, encode: (bytes: Buffer) => Buffer][] = [
  ["deflate", deflateSync],
  ["deflate", deflateRawSync],
  ["br", brotliCompressSync],
  ["zstd", zstdCompressSync],
  ["GZIP", gzipSync],
  ["gzip, br", (bytes) => brotliCompressSync(gzipSync(bytes))],
  ["identity", (bytes) => bytes],
];
for (const [index, [contentEncoding, encode]] of ways.entries()) {
  test(`a call, a batch and a CloudEvent in ${contentEncoding} (${index}) are heard`, async () => {
    const who = `encoded-${index}`;
    const sent: [url: string, body: unknown][] = [
      ["/v1/track", { userId: who, event: "Seen" }],
      ["/v1/batch", { batch: [{ type: "track", userId: who, event: "Seen" }] }],
      ["/cloudevents", { specversion: "1.0", id: `e-${index}`, source: "/shop", type: "seen", subject: who }],
    ];
    for (const [url, body] of sent) {
      const answer = await post(url, contentEncoding, encode(Buffer.from(JSON.stringify(body))));
      assert.ok(answer.statusCode < 300, `${url}: ${answer.statusCode} ${answer.body}`);
    }
    assert.equal(await eventsOf(who), 3);
  });
}

test("nobody decodes for a stranger: a bomb under an unknown key is answered by the key", async () => {
  for (const authorization of ["Bearer rk_server_nobody", `Bearer ${hub.writeKey}`]) {
    const headers = { authorization, "content-type": "application/json", "content-encoding": "br" };
    const payload = brotliCompressSync(Buffer.alloc(1_000_000, "["));
    const { statusCode, body } = await hub.app.inject({ method: "POST", url: "/v1/batch", headers, payload });
    const isKnown = authorization.includes(hub.writeKey);
    assert.deepEqual(
      [statusCode, JSON.parse(body).type],
      isKnown ? [400, "request/too-large"] : [401, "access/key-needed"],
    );
  }
});

test("an unknown encoding is 415, and the answer says which are known", async () => {
  const answer = await post("/v1/track", "snappy", '{"userId":"u","event":"E"}');
  assert.equal(answer.statusCode, 415);
  assert.equal(answer.headers["accept-encoding"], "gzip, deflate, br, zstd, identity");
  assert.match(answer.json().title, /snappy is not known/);
});

test("the API takes no encoded bodies, and says so", async () => {
  const answer = await post("/api/keys", "gzip", gzipSync('{"name":"x","scope":"read"}'));
  assert.deepEqual([answer.statusCode, answer.json().type], [415, "request/unsupported-encoding"]);
});

test("a bomb is 400 at every door", async () => {
  const bomb = brotliCompressSync(Buffer.alloc(50_000_000));
  for (const url of ["/v1/track", "/v1/batch", "/v1/b", "/cloudevents"])
    assert.equal((await post(url, "br", bomb)).statusCode, 400, url);
});
