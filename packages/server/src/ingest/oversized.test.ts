import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { KEYS, openTestHub, type TestHub } from "../test-hub.ts";

let hub: TestHub;
before(async () => {
  hub = await openTestHub();
});
after(() => hub.end());

async function post(url: string, body: unknown, headers: Record<string, string> = {}, key = hub.writeKey) {
  const answer = await hub.app.inject({
    method: "POST",
    url,
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json", ...headers },
    payload: JSON.stringify(body),
  });
  await hub.idle();
  return answer;
}
const seen = async (userId: string): Promise<number> =>
  ((await hub.call("GET", `/api/customers?q=${userId}`)).body as { customers: { events: number }[] }).customers[0]
    ?.events ?? 0;
const lastReason = async (): Promise<string> =>
  ((await hub.call("GET", "/api/dead-letters")).body as { letters: { reason: string }[] }).letters[0]?.reason ?? "";

const large = "x".repeat(40_000);
const call = (userId: string, properties = {}) => ({ type: "track", event: "E", userId, properties });

test("a call that is too large costs only itself: its neighbours are kept, and it is told", async () => {
  const batch = [call("before-large"), call("large", { large }), call("after-large")];
  assert.equal((await post("/v1/batch", { batch })).statusCode, 200);
  assert.deepEqual([await seen("before-large"), await seen("large"), await seen("after-large")], [1, 0, 1]);
  assert.match(await lastReason(), /1 of 3 calls refused: : is larger than it may be: at most 32768 bytes/);
});

test("a browser's call that is too large costs only itself, too", async () => {
  const batch = [{ ...call("x"), userId: undefined, anonymousId: "small-visit" }, call("large-visit", { large })];
  assert.equal((await post("/v1/batch", { batch }, {}, KEYS.browser)).statusCode, 200);
  assert.equal(await seen("small-visit"), 1);
});

test("who asks to be told of faults is told of each call that is too large, and nothing is kept", async () => {
  const batch = [call("strict"), call("strict", { large }), call("strict"), call("strict", { large })];
  const answer = await post("/v1/batch", { batch }, { "x-strict-mode": "1" });
  assert.equal(answer.statusCode, 400);
  assert.deepEqual(
    answer.json().errors.map(({ field }: { field: string }) => field),
    ["batch.1", "batch.3"],
  );
  assert.equal(await seen("strict"), 0);
});

const event = (id: string, more: object) => ({
  specversion: "1.0",
  id,
  source: "/o",
  type: "t",
  subject: "cloud",
  ...more,
});
const BATCH = { "content-type": "application/cloudevents-batch+json" };

test("a CloudEvent that is too large costs only itself among others, and is refused when it is alone", async () => {
  const huge = event("2", { data: { large: "x".repeat(70_000) } });
  assert.equal((await post("/cloudevents", [event("1", {}), huge, event("3", {})], BATCH)).statusCode, 202);
  assert.equal(await seen("cloud"), 2);
  assert.match(await lastReason(), /is larger than it may be: at most 65536 bytes/);
  assert.equal((await post("/cloudevents", [huge], BATCH)).statusCode, 400);
});

const base64 = (text: string) => Buffer.from(text, "latin1").toString("base64");
const encoded: [what: string, event: object, properties: unknown][] = [
  [
    "JSON, as nothing else is said",
    { data_base64: base64('{"a":1,"id":9007199254740993}') },
    { a: 1, id: "9007199254740993" },
  ],
  ["JSON, as it says", { data_base64: base64('{"a":2}'), datacontenttype: "application/x+json" }, { a: 2 }],
  ["a text", { data_base64: base64("<a/>"), datacontenttype: "text/xml" }, { value: "<a/>" }],
  ["bytes", { data_base64: base64("\xff\xfe"), datacontenttype: "image/png" }, { value: "//4=" }],
];
for (const [index, [what, fields, properties]] of encoded.entries())
  test(`data_base64 is decoded: ${what}`, async () => {
    const sent = event(`b${index}`, { ...fields, subject: `coded-${index}` });
    assert.equal(
      (await post("/cloudevents", sent, { "content-type": "application/cloudevents+json" })).statusCode,
      202,
    );
    const { rows } = await hub.database.db.query<{ body: string }>(
      "select body::text as body from event where body::text like '%' || $1 || '%'",
      [`coded-${index}`],
    );
    assert.deepEqual((JSON.parse(rows[0]?.body ?? "{}") as { properties?: unknown }).properties, properties);
  });

test("data_base64 that is none, is not what it says or stands beside data is refused by name", async () => {
  for (const fields of [
    { data_base64: "%%%" },
    { data_base64: 7 },
    { data_base64: base64("{"), datacontenttype: "application/json" },
    { data_base64: base64("{}"), data: {} },
  ]) {
    const answer = await post("/cloudevents", event("w", fields), { "content-type": "application/cloudevents+json" });
    assert.deepEqual([answer.statusCode, answer.json().errors[0].field], [400, "data_base64"]);
  }
});

test("preflights of every door allow content-encoding, and CloudEvents' own question is answered", async () => {
  for (const url of ["/v1/batch", "/v1/track", "/beacon/v1/batch", "/cloudevents"]) {
    const headers = { origin: "https://shop.example", "access-control-request-method": "POST" };
    const answer = await hub.app.inject({ method: "OPTIONS", url, headers });
    assert.deepEqual([answer.statusCode, answer.headers["access-control-allow-origin"]], [204, "*"], url);
    assert.match(String(answer.headers["access-control-allow-headers"]), /\bcontent-encoding\b/, url);
  }
  const asked = { "webhook-request-origin": "eventemitter.example" };
  const answer = await hub.app.inject({ method: "OPTIONS", url: "/cloudevents", headers: asked });
  assert.deepEqual([answer.headers["webhook-allowed-origin"], answer.headers.allow], ["*", "POST"]);
});
