import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { openFakeGateway } from "../channel/index.ts";
import { aSmallPack } from "../identity/a-small-pack.ts";
import { KEYS, openTestHub, type TestHub } from "../test-hub.ts";

/** The same attacks by a browser's key, by the doors and the fields that are not the obvious ones. */
const sms = openFakeGateway("sms");
const DAY = 86_400_000;
let hub: TestHub;
before(async () => {
  hub = await openTestHub({ gateways: [sms] });
  await hub.scenarios.install({
    ...aSmallPack,
    timers: [{ name: "left alone", on: ["Asked"], after: "1h", until: ["Answered"] }],
    policies: [...aSmallPack.policies, { ...aSmallPack.policies[0], name: "remind", on: ["left alone"] }],
  });
  await hub.send([
    { type: "identify", userId: "vic", traits: { phone: "+13125551001", email: "vic@town.example", plan: "surf" } },
    { type: "identify", userId: "vic", anonymousId: "vics-browser" },
  ]);
});
after(() => hub.end());

const basic = (key: string) => ({ authorization: `Basic ${Buffer.from(`${key}:`).toString("base64")}` });
async function state(): Promise<string> {
  await hub.idle();
  const { rows } = await hub.database.db.query<{ state: string }>(
    `select c.state from customer c join identifier i using (customer_id) where i.kind = 'user_id' and i.value = 'vic'`,
  );
  return rows[0]?.state ?? "";
}

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
  hub.clock.moveTo(hub.clock.now() + 1_800_000);
  await hub.send(
    [
      { type: "track", anonymousId: "vics-browser", event: "Answered" },
      { type: "track", anonymousId: "vics-browser", event: "Asked" },
    ],
    "browser",
  );
  const sent = sms.handedOver.length;
  hub.clock.moveTo(hub.clock.now() + 1_900_000);
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

test("the same id by two keys of one group is one event, and by a browser's key of that name another", async () => {
  const make = async (origin: string) => {
    const { body } = await hub.call("POST", "/api/keys", { name: origin, origin, idGroup: "shop" });
    return (body as { secret: string }).secret;
  };
  const keys = [await make("server"), await make("server"), await make("browser")];
  for (const key of keys)
    await hub.app.inject({
      method: "POST",
      url: "/v1/track",
      headers: { ...basic(key), "content-type": "application/json" },
      payload: { anonymousId: "grouped", event: "Seen", messageId: "same" },
    });
  await hub.idle();
  const { rows } = await hub.database.db.query("select 1 as one from event where event_id like '%/same'");
  assert.equal(rows.length, 2);
});

test("an event that is sent again after two days counts once, whatever a browser said under its id meanwhile", async () => {
  const call = { type: "track", userId: "vic", event: "Seen", messageId: "monthly" };
  await hub.send([call]);
  const events = JSON.parse(await state()).events;
  hub.clock.moveTo(hub.clock.now() + 2 * DAY);
  await hub.send([{ ...call, anonymousId: "squatter" }], "browser");
  await hub.send([call]);
  assert.equal(JSON.parse(await state()).events, events);
});
