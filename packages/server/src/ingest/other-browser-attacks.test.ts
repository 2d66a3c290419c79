import assert from "node:assert/strict";
import { after, test } from "node:test";

import { aSmallPack } from "../identity/a-small-pack.ts";
import { KEYS } from "../test-hub.ts";
import { openBrowserHub } from "../browser-hub.ts";

/** The same attacks by a browser's key, by the doors and the fields that are not the obvious ones. */
const site = await openBrowserHub();
after(() => site.hub.end());
const { hub, sms, wait, call, customerOf, profileOf, stateOf, textsTo } = site;
await hub.scenarios.install({
  ...{ ...aSmallPack, name: "timed", features: [] },
  timers: [{ name: "left alone", on: ["Asked"], after: "1h", until: ["Answered"] }],
  policies: [{ ...aSmallPack.policies[0], name: "remind", on: ["left alone"] }],
});
await hub.send([
  { type: "identify", userId: "vic", traits: { phone: "+13125551001", email: "vic@town.example", plan: "surf" } },
  { type: "identify", userId: "vic", anonymousId: "vics-browser" },
]);

const basic = (key: string) => ({ authorization: `Basic ${Buffer.from(`${key}:`).toString("base64")}` });
async function state(): Promise<string> {
  await hub.idle();
  return stateOf("user_id", "vic");
}
const cloud = (event: Record<string, unknown>, key: string) =>
  hub.app.inject({
    ...{ method: "POST", url: "/cloudevents" },
    headers: { ...basic(key), "content-type": "application/cloudevents+json" },
    payload: JSON.stringify({ specversion: "1.0", ...event }),
  });

const doors: [what: string, ask: () => Promise<unknown>][] = [
  [
    "a pixel",
    async () => {
      const data = Buffer.from(JSON.stringify({ writeKey: KEYS.browser, userId: "vic", event: "Ordered" })).toString(
        "base64",
      );
      await hub.app.inject({ url: `/pixel/v1/track?writeKey=${KEYS.browser}&userId=vic&event=Ordered` });
      await hub.app.inject({ url: `/v1/pixel/track?data=${encodeURIComponent(data)}` });
    },
  ],
  [
    "a beacon",
    () =>
      hub.app.inject({
        method: "POST",
        url: `/beacon/v1/batch?writeKey=${KEYS.browser}`,
        headers: { "content-type": "text/plain" },
        payload: JSON.stringify({ batch: [{ type: "identify", userId: "vic", traits: { plan: "gold" } }] }),
      }),
  ],
  [
    "a webhook",
    () =>
      hub.app.inject({
        method: "POST",
        url: `/v1/webhook?writeKey=${KEYS.browser}`,
        headers: { "content-type": "application/json" },
        payload: { userId: "vic", event: "Ordered", traits: { plan: "gold" } },
      }),
  ],
  [
    "a merge of RudderStack's",
    () =>
      hub.app.inject({
        method: "POST",
        url: "/v1/merge",
        headers: { ...basic(KEYS.browser), "content-type": "application/json" },
        payload: {
          anonymousId: "thief",
          mergeProperties: [
            { type: "anonymousId", value: "vics-browser" },
            { type: "userId", value: "vic" },
          ],
        },
      }),
  ],
  [
    "a CloudEvent",
    () =>
      hub.app.inject({
        method: "POST",
        url: "/cloudevents",
        headers: { ...basic(KEYS.browser), "content-type": "application/cloudevents+json" },
        payload: JSON.stringify({
          specversion: "1.0",
          id: "1",
          source: "/x",
          type: "Ordered",
          subject: "vic",
          data: { email: "thief@evil.example", phone: "+13125551001" },
        }),
      }),
  ],
  [
    "traits in the context, and ids of every kind beside",
    () =>
      hub.send(
        [
          {
            type: "track",
            userId: "vic",
            event: "Ordered",
            anonymousId: "thief",
            context: {
              traits: { email: "thief@evil.example", phone: "+13125551001" },
              device: { id: "vics-phone" },
              externalIds: ["user_id", "anonymous_id", "customer", "visitor", "email"].map((type) => ({
                type,
                id: type === "email" ? "vic@town.example" : "vic",
                collection: "users",
              })),
            },
          },
        ],
        "browser",
      ),
  ],
  [
    "times that win and times that poison windows",
    () =>
      hub.send(
        [
          { type: "identify", userId: "vic", traits: { plan: "gold" }, timestamp: "9999-01-01T00:00:00Z" },
          {
            type: "identify",
            userId: "vic",
            traits: { plan: "gold" },
            sentAt: "1970-01-01T00:00:00Z",
            timestamp: "2000-01-02T00:00:00Z",
          },
          {
            type: "group",
            userId: "vic",
            groupId: "vics",
            traits: { plan: "gold" },
            timestamp: "2001-01-01T00:00:00Z",
          },
        ],
        "browser",
      ),
  ],
  [
    "a key in the body that is not the one in the header",
    () =>
      hub.app.inject({
        method: "POST",
        url: "/v1/identify",
        headers: { ...basic(KEYS.browser), "content-type": "application/json" },
        payload: { writeKey: KEYS.write, userId: "vic", traits: { plan: "gold" } },
      }),
  ],
];
for (const [what, ask] of doors)
  test(`by ${what}, a browser changes nothing of a customer, and nothing is sent`, async () => {
    const [known, sent] = [await state(), sms.handedOver.length];
    await ask();
    assert.equal(await state(), known);
    assert.equal(sms.handedOver.length, sent);
  });

test("a timer that the server set is neither moved nor stopped by a browser that is the customer's own", async () => {
  await hub.send([{ type: "track", userId: "vic", event: "Asked" }]);
  wait(1_800_000);
  await hub.send(
    [
      { type: "track", anonymousId: "vics-browser", event: "Answered" },
      { type: "track", anonymousId: "vics-browser", event: "Asked" },
    ],
    "browser",
  );
  const sent = sms.handedOver.length;
  wait(1_900_000);
  await hub.idle();
  assert.equal(sms.handedOver.length, sent + 1, "it rings an hour after the server's word");
});

test("a letter that is returned is believed as it was: as a browser's", async () => {
  const before = await state();
  await hub.send([{ type: "identify", userId: "vic", traits: { plan: "gold", bio: "x".repeat(5_000) } }], "browser");
  const { body } = await hub.call("GET", "/api/dead-letters");
  const [letter] = (body as { letters: { deadLetterId: number; mayReturn: boolean }[] }).letters;
  assert.equal(letter?.mayReturn, true);
  await hub.database.db.query(
    "update dead_letter set body = convert_to(replace(convert_from(body, 'utf8'), $1, 'x'), 'utf8')",
    ["x".repeat(5_000)],
  );
  assert.equal((await hub.call("POST", `/api/dead-letters/${letter?.deadLetterId}/return`)).status, 204);
  assert.equal(await state(), before);
});

const PHONE = "+13125562000";
let counted = 0;

test("browsers by CloudEvents, pixels, beacons and webhooks say no more than by the batch, whatever other key they bring", async () => {
  await hub.send([call("identify", { userId: "doors", traits: { phone: PHONE, email: "doors@town.example" } })]);
  const before = await stateOf("user_id", "doors");
  const cid = await customerOf("user_id", "doors");
  const type = "Ordered";
  for (const data of [
    { userId: "doors", anonymousId: "d1", phone: PHONE },
    { email: "doors@town.example" },
    { anonymousId: cid },
  ])
    await cloud({ id: `d${counted++}`, source: "s", type, data }, KEYS.browser);
  await cloud({ id: `d${counted++}`, source: "s", type, subject: "doors", data: {} }, KEYS.browser);
  const said = {
    userId: "doors",
    anonymousId: "d2",
    event: type,
    context: { traits: { phone: PHONE, household: "h" } },
  };
  const data = Buffer.from(JSON.stringify({ ...said, writeKey: KEYS.browser })).toString("base64url");
  for (const kind of ["identify", "track", "group", "alias"])
    await hub.app.inject({ url: `/v1/pixel/${kind}?data=${data}` });
  await hub.app.inject({ url: `/pixel/v1/track?writeKey=${KEYS.browser}&userId=doors&event=Ordered` });
  const json = { "content-type": "application/json" };
  const posts: [string, Record<string, string>, unknown][] = [
    [`/beacon/v1/batch?writeKey=${KEYS.browser}`, json, { batch: [{ type: "track", ...said }], writeKey: KEYS.write }],
    [`/v1/webhook?writeKey=${KEYS.browser}&userId=doors`, json, [{ userId: "doors", phone: PHONE }]],
    ["/v1/track", { ...json, ...basic(KEYS.browser) }, { ...said, writeKey: KEYS.write }],
  ];
  for (const [url, headers, body] of posts)
    await hub.app.inject({ method: "POST", url, headers, payload: JSON.stringify(body) });
  await hub.idle();
  assert.deepEqual([await stateOf("user_id", "doors"), textsTo(PHONE)], [before, 0]);
});

test("names of hub events in other letters do nothing, whoever says them", async () => {
  await hub.send([call("identify", { userId: "named", anonymousId: "named-b" })]);
  const into = await customerOf("user_id", "named");
  const properties = { from: into, into, status: "granted", purpose: "marketing", channel: "sms", messageId: "m" };
  const names = ["identity\u200b.apart", "ｉdentity.apart", "identity.apart\0", "\u00a0identity.apart", "consent"];
  for (const by of ["browser", "write"] as const)
    await hub.send(
      names.map((event) => call("track", { anonymousId: "named-b", event, properties })),
      by,
    );
  const { consent, ledger, proofs } = JSON.parse(await stateOf("user_id", "named"));
  assert.deepEqual([consent, ledger, proofs, await customerOf("anonymous_id", "named-b")], [{}, [], {}, into]);
});

test("what a browser claims takes no address from who comes later, in whatever shape it is said", async () => {
  const email = "late@town.example";
  const shapes: Record<string, unknown>[] = [
    { traits: { email: "Late@Town.example " } },
    { context: { traits: { email } } },
    { context: { externalIds: [{ type: "email", id: email, collection: "users" }] } },
    { context: { externalIds: [{ type: "anonymous_id", id: "late", collection: "users" }], device: { id: email } } },
    { traits: { userId: "late", id: "late", anonymousId: "late" } },
  ];
  for (const [index, shape] of shapes.entries()) {
    const anonymousId = `early-${index}`;
    const mergeProperties = [
      { type: "anonymousId", value: anonymousId },
      { type: "email", value: email },
    ];
    const said = [call("identify", { anonymousId, userId: index % 2 ? 77 : "late", ...shape })];
    await hub.send([...said, call("merge", { anonymousId, mergeProperties })], "browser");
  }
  await hub.send([call("identify", { userId: "late", anonymousId: "late", traits: { email } })]);
  const late = await customerOf("user_id", "late");
  assert.equal(await customerOf("email", email), late);
  for (const [index] of shapes.entries()) assert.notEqual(await customerOf("anonymous_id", `early-${index}`), late);
});

test("a CloudEvent of a browser's with a time before the flood is refused or clamped, and holds up nobody", async () => {
  await hub.send([{ type: "identify", userId: "flooded" }]);
  await hub.send([call("page", { anonymousId: "noah", name: "Ark" })], "browser");
  for (const time of [
    "-271821-04-20T00:00:00Z",
    "0001-01-01T00:00:00Z",
    "1999-01-01T00:00:00Z",
    "+275760-09-13T00:00:00Z",
  ])
    await cloud({ id: time, source: "ark", type: "Seen", time, data: { anonymousId: "noah" } }, KEYS.browser);
  await hub.idle();
  await hub.send([call("track", { userId: "flooded", event: "Seen" })]);
  assert.equal((await profileOf("user_id", "flooded")).events, 2);
  const noah = await profileOf("anonymous_id", "noah");
  assert.ok(noah.firstSeenAt >= Date.UTC(2000, 0, 1), String(noah.firstSeenAt));
  const customer = await hub.call("GET", `/api/customers/${await customerOf("anonymous_id", "noah")}`);
  assert.equal(customer.status, 200);
  const timeline = await hub.call("GET", `/api/customers/${await customerOf("anonymous_id", "noah")}/timeline`);
  assert.equal(timeline.status, 200);
});
