import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, test } from "node:test";

import { openBrowserHub } from "../browser-hub.ts";
import { KEYS } from "../test-hub.ts";

/** Message ids are each speaker's own: nobody swallows what another says by saying its id first. */
const site = await openBrowserHub();
after(() => site.hub.end());
const { hub, wait, profileOf } = site;
const DAY = 86_400_000;

const basic = (key: string) => ({ authorization: `Basic ${Buffer.from(`${key}:`).toString("base64")}` });

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
  const events = (await profileOf("user_id", "vic")).events;
  wait(2 * DAY);
  await hub.send([{ ...call, anonymousId: "squatter" }], "browser");
  await hub.send([call]);
  assert.equal((await profileOf("user_id", "vic")).events, events);
});

test("ids that imitate another key's space, a hashed id or a CloudEvent's pair swallow nothing of the server's", async () => {
  const long = "x".repeat(250);
  const { rows } = await hub.database.db.query<{ id: string }>(
    "select api_key_id::text as id from api_key where name = 'test-write'",
  );
  const named = JSON.stringify(["server", "key", rows[0]?.id]);
  const space = createHash("sha256").update(named).digest("hex").slice(0, 10);
  const hashed = `#${createHash("sha256").update(long).digest("base64url")}`;
  const squat = [`${space}/order-1`, `../${space}/order-1`, "order-1", hashed, '["shop","1"]', long];
  const page = { type: "page", anonymousId: "squat", name: "x" };
  await hub.send(
    squat.map((messageId) => ({ ...page, messageId })),
    "browser",
  );
  const seen = { type: "track", userId: "imitated", event: "Seen" };
  await hub.send(["order-1", long].map((messageId) => ({ ...seen, messageId })));
  for (const id of ["1", `1${"y".repeat(5_000)}`, `1${"y".repeat(5_001)}`, '2"]'])
    await hub.app.inject({
      ...{ method: "POST", url: "/cloudevents" },
      headers: { ...basic(KEYS.write), "content-type": "application/cloudevents+json" },
      payload: JSON.stringify({ specversion: "1.0", id, source: "shop", type: "Seen", subject: "imitated" }),
    });
  await hub.idle();
  assert.equal((await profileOf("user_id", "imitated")).events, 6);
});

test("a visitor who says an id first swallows no other visitor's event under the same key", async () => {
  const booked = (anonymousId: string) => ({ type: "track", anonymousId, event: "Seen", messageId: "booking-15" });
  await hub.send([booked("first-liar")], "browser");
  for (let twice = 0; twice < 2; twice++) await hub.send([booked("late-honest")], "browser");
  assert.equal((await profileOf("anonymous_id", "late-honest")).events, 1);
});
