import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { openTestHub, type TestHub } from "../test-hub.ts";

let hub: TestHub;
before(async () => {
  hub = await openTestHub({ publicUrl: "https://hub.example/rapport" });
});
after(() => hub.end());

type Method = "GET" | "POST" | "HEAD" | "OPTIONS";
async function ask(method: Method, url: string, body?: unknown, headers: Record<string, string> = {}) {
  const answer = await hub.app.inject({
    method,
    url,
    headers: body === undefined ? headers : { "content-type": "application/json", ...headers },
    ...(body === undefined ? {} : { payload: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  await hub.idle();
  return answer;
}
const withKey = () => ({ authorization: `Basic ${Buffer.from(`${hub.writeKey}:`).toString("base64")}` });

type Found = { customerId: string; events: number };
const customers = async (q: string) =>
  ((await hub.call("GET", `/api/customers?q=${encodeURIComponent(q)}`)).body as { customers: Found[] }).customers;
type Told = { name: string; properties?: unknown; context?: unknown };
async function timeline(q: string): Promise<Told[]> {
  const [found] = await customers(q);
  if (!found) return [];
  const { body } = await hub.call("GET", `/api/customers/${found.customerId}/timeline`);
  return (body as { events: Told[] }).events;
}
const letters = async () =>
  ((await hub.call("GET", "/api/dead-letters")).body as { letters: { reason: string }[] }).letters;

test("RudderStack's pixel keeps a track whose fields are paths in the address, and answers an image", async () => {
  const query = new URLSearchParams({
    writeKey: hub.writeKey,
    anonymousId: '"pixel-ann"',
    event: "Opened",
    "properties.mail.subject": "Hello",
    "context.page.url": "https://shop.example/",
    "__proto__.admin": "yes",
  });
  const answer = await ask("GET", `/pixel/v1/track?${query}`);
  assert.deepEqual([answer.statusCode, answer.headers["content-type"]], [200, "image/gif"]);
  assert.equal(answer.headers["cache-control"], "no-store");
  assert.equal(answer.rawPayload.subarray(0, 6).toString(), "GIF89a");
  const [event] = await timeline("pixel-ann");
  assert.deepEqual([event?.name, event?.properties], ["Opened", { mail: { subject: "Hello" } }]);
  assert.equal(({} as { admin?: string }).admin, undefined);
});

test("RudderStack's pixel keeps a page", async () => {
  await ask("GET", `/pixel/v1/page?writeKey=${hub.writeKey}&anonymousId=pixel-bob&name=Home`);
  assert.deepEqual(
    (await timeline("pixel-bob")).map((event) => event.name),
    ["Home"],
  );
});

test("Segment's pixel keeps the call in its data, in base64 or as it is", async () => {
  const call = { writeKey: hub.writeKey, userId: "pixel-cy", event: "Opened" };
  for (const [n, data] of [
    Buffer.from(JSON.stringify({ ...call, messageId: "cy-0" })).toString("base64url"),
    encodeURIComponent(Buffer.from(JSON.stringify({ ...call, messageId: "cy-1" })).toString("base64")),
    encodeURIComponent(JSON.stringify({ ...call, messageId: "cy-2" })),
  ].entries())
    assert.equal((await ask("GET", `/v1/pixel/track?data=${data}`)).statusCode, 200, String(n));
  assert.equal((await timeline("pixel-cy")).length, 3);
});

test("a pixel that is refused is a problem, and a HEAD of it says nothing", async () => {
  const good = `/pixel/v1/track?writeKey=${hub.writeKey}&anonymousId=pixel-head&event=Opened`;
  assert.equal((await ask("GET", good.replace(hub.writeKey, "wrong"))).statusCode, 401);
  assert.equal((await ask("GET", "/v1/pixel/track?data=nonsense")).statusCode, 400);
  assert.equal((await ask("HEAD", good)).statusCode, 404);
  assert.deepEqual(await customers("pixel-head"), []);
});

test("a beacon's batch is opened by the key in its address", async () => {
  const batch = [{ type: "track", anonymousId: "beacon-ann", event: "Left" }];
  const url = `/beacon/v1/batch?writeKey=${hub.writeKey}`;
  assert.equal((await ask("POST", url, { batch }, { "content-type": "text/plain" })).statusCode, 200);
  assert.equal((await ask("POST", "/beacon/v1/batch", { batch })).statusCode, 401);
  assert.equal((await customers("beacon-ann"))[0]?.events, 1);
});

test("a merge makes one customer of two identifiers, by its own route and in a batch", async () => {
  await ask("POST", "/v1/track", { userId: "merge-ann", event: "Seen" }, withKey());
  await ask("POST", "/v1/identify", { anonymousId: "merge-old", traits: { email: "merge@x.example" } }, withKey());
  const mergeProperties = [
    { type: "userId", value: "merge-ann" },
    { type: "email", value: "merge@x.example" },
  ];
  assert.equal((await ask("POST", "/v1/merge", { mergeProperties }, withKey())).statusCode, 200);
  assert.equal((await customers("merge-ann"))[0]?.events, 3);
  assert.equal((await customers("merge-ann"))[0]?.customerId, (await customers("merge-old"))[0]?.customerId);

  await ask("POST", "/v1/track", { anonymousId: "merge-phone", event: "Seen" }, withKey());
  const batch = [
    {
      type: "merge",
      mergeProperties: [
        { type: "userId", value: "merge-ann" },
        { type: "anonymousId", value: "merge-phone" },
      ],
    },
  ];
  await ask("POST", "/v1/batch", { batch }, withKey());
  assert.equal((await customers("merge-phone"))[0]?.customerId, (await customers("merge-ann"))[0]?.customerId);
});

test("a merge of anything but two identifiers is refused when asked for strictly", async () => {
  for (const mergeProperties of [
    undefined,
    [],
    [{ type: "userId", value: "a" }],
    [{ type: "userId" }, { type: "email", value: "b@x.example" }],
    [
      { type: "customer", value: "a" },
      { type: "userId", value: "b" },
    ],
  ]) {
    const strictly = { ...withKey(), "x-strict-mode": "1" };
    assert.equal((await ask("POST", "/v1/merge", { mergeProperties }, strictly)).statusCode, 400);
  }
});

test("a webhook becomes a track with its fields as properties, once for one webhook-id", async () => {
  const url = `/v1/webhook?writeKey=${hub.writeKey}`;
  const said = { user_id: "hook-ann", state: "paid" };
  for (let n = 0; n < 2; n++) assert.equal((await ask("POST", url, said, { "webhook-id": "msg_1" })).statusCode, 200);
  const form = { "content-type": "application/x-www-form-urlencoded" };
  await ask("POST", `${url}&userId=hook-ann`, "state=sent&n=1", form);
  const events = await timeline("hook-ann");
  assert.ok(events.every((event) => event.name === "webhook_source_event"));
  const told = events.map((event) => JSON.stringify(event.properties)).sort();
  assert.deepEqual(told, ['{"state":"sent","n":"1"}', JSON.stringify(said)].sort());
});

test("a webhook that names nobody is set aside with that reason, and makes no customer", async () => {
  const url = `/v1/webhook?writeKey=${hub.writeKey}`;
  const before = (await letters()).length;
  assert.equal((await ask("POST", url, { state: "nobody's" })).statusCode, 200);
  const after = await letters();
  assert.equal(after.length, before + 1);
  assert.match(after[0]?.reason ?? "", /userId or anonymousId/);
});

test("a preflight is allowed the headers it names, where they are names", async () => {
  for (const url of ["/v1/track", "/v1/batch", "/beacon/v1/batch", "/cloudevents", "/sourceConfig/?writeKey=x"]) {
    const answer = await ask("OPTIONS", url, undefined, {
      origin: "https://shop.example",
      "access-control-request-method": "POST",
      "access-control-request-headers": "anonymousid, Authorization,content-type, bad header, x:y, \u00fc",
    });
    assert.equal(answer.statusCode, 204, url);
    assert.equal(answer.headers["access-control-allow-headers"], "anonymousid, authorization, content-type");
    assert.equal(answer.headers["access-control-allow-origin"], "*");
    assert.equal(answer.headers["access-control-allow-credentials"], undefined);
  }
  const many = Array.from({ length: 500 }, (_, n) => `x-${n}`).join(",");
  const answer = await ask("OPTIONS", "/v1/track", undefined, { "access-control-request-headers": many });
  assert.equal(String(answer.headers["access-control-allow-headers"]).split(", ").length, 24);
});

test("a browser SDK is told to send to the hub's public address, whatever the request's Host says", async () => {
  for (const [prefix, name] of [
    ["", "Segment.io"],
    ["/customerio", "Customer.io Data Pipelines"],
  ]) {
    const url = `${prefix}/v1/projects/${hub.writeKey}/settings`;
    const { integrations } = (await ask("GET", url, undefined, { host: "evil.example" })).json();
    assert.deepEqual(Object.keys(integrations), [name]);
    const { protocol, apiHost } = integrations[String(name)];
    assert.deepEqual([protocol, apiHost], ["https", "hub.example/rapport/v1"]);
  }
  assert.equal((await ask("GET", "/customerio/v1/projects/wrong/settings")).statusCode, 401);
});

test("RudderStack's configuration says that the source is enabled and has no destinations; a wrong key is 401", async () => {
  for (const path of ["/sourceConfig", "/sourceConfig/"]) {
    const { source } = (await ask("GET", `${path}?p=npm&v=3.34.1&writeKey=${hub.writeKey}`)).json();
    assert.deepEqual([source.enabled, source.destinations], [true, []]);
    assert.equal((await ask("GET", `${path}?writeKey=wrong`)).statusCode, 401);
    assert.equal((await ask("GET", path)).statusCode, 401);
  }
});

test("integrations that shut out all destinations shut out none of ours: the event is heard", async () => {
  const call = { userId: "shut-out", event: "Seen", integrations: { All: false } };
  await ask("POST", "/v1/track", call, withKey());
  assert.equal((await timeline("shut-out")).length, 1);
});
