import assert from "node:assert/strict";
import { after, test } from "node:test";

import { hashOf, openBrowserHub } from "../browser-hub.ts";
import { rebuildProfiles } from "../partition/index.ts";

/** A browser may state any date: who is who follows from when the hub heard it. */
const site = await openBrowserHub();
after(() => site.hub.end());
const { hub, query, call, customerOf, aCustomer, secret, wait } = site;
const key = await secret();
const proven = (userId: string, anonymousId: string, more: object = {}) =>
  call("identify", { userId, anonymousId, context: { userHash: hashOf(userId, key) }, ...more });

test("a browser's date does not take a visitor from the customer with whom the server linked it", async () => {
  await aCustomer("linked");
  await aCustomer("liar");
  await hub.send([call("identify", { userId: "linked", anonymousId: "linked-browser" })]);
  await hub.send([call("page", { anonymousId: "linked-browser" })], "browser");
  wait(10_000);
  await hub.send([proven("liar", "linked-browser", { timestamp: "2001-01-01T00:00:00Z" })], "browser");
  assert.equal(await customerOf("anonymous_id", "linked-browser"), await customerOf("user_id", "linked"));
});

test("a known customer stays the same one, whatever dates are stated by the browsers where it signs in", async () => {
  await aCustomer("known");
  const known = await customerOf("user_id", "known");
  for (const year of [2010, 2005, 2001]) {
    wait(10_000);
    const anonymousId = `known-${year}`;
    await hub.send([call("page", { anonymousId, timestamp: `${year}-01-01T00:00:00Z` })], "browser");
    await hub.send([proven("known", anonymousId)], "browser");
    assert.equal(await customerOf("anonymous_id", anonymousId), known);
    assert.equal(await customerOf("user_id", "known"), known);
  }
});

test("a claim counts from when the hub heard it: a date of the browser's does not make it old", async () => {
  const before = hub.clock.now();
  await hub.send(
    [call("page", { anonymousId: "backdated", userId: "known", timestamp: "2001-01-01T00:00:00Z" })],
    "browser",
  );
  const [claim] = await query<{ at: Date }>("select last_at as at from claimed_identifier where visitor_id = $1", [
    await customerOf("anonymous_id", "backdated"),
  ]);
  assert.ok(Number(claim?.at) >= before);
});

test("and every profile is still the fold of its events", async () => {
  const parts = { db: hub.database.db, model: hub.scenarios.model, now: hub.clock.now };
  assert.deepEqual((await rebuildProfiles(parts, false)).differences, []);
});
