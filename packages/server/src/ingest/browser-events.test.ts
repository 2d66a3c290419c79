import assert from "node:assert/strict";
import { after, test } from "node:test";

import { aSmallPack } from "../identity/a-small-pack.ts";
import { hashOf, openBrowserHub } from "../browser-hub.ts";
/** What packs open to browsers, and how far. */
const site = await openBrowserHub();
after(() => site.hub.end());
const { hub, sms, wait, call, profileOf, aCustomer, secret, textsTo } = site;

const open = (event: string, most: number) => ({
  event,
  perCustomer: { limit: most, window: "1d" },
  perAddress: { limit: 100, window: "1d" },
  perPeer: { limit: 200, window: "1d" },
});

test("an event that a pack opens to browsers calls for something within its caps, and for nothing beyond", async () => {
  await hub.scenarios.install({
    ...aSmallPack,
    name: "opened",
    features: [],
    browserEvents: [
      {
        event: "callback wanted",
        perCustomer: { limit: 2, window: "1d" },
        perAddress: { limit: 3, window: "1d" },
        perPeer: { limit: 5, window: "1d" },
      },
    ],
    policies: [{ ...aSmallPack.policies[0], name: "call-back", on: ["callback wanted"], from: ["browser", "server"] }],
  });
  const key = await secret();
  const wanted = async (userId: string, times: number): Promise<void> => {
    await hub.send(
      [call("identify", { userId, anonymousId: `b-${userId}`, context: { userHash: hashOf(userId, key) } })],
      "browser",
    );
    for (let time = 0; time < times; time++)
      await hub.send([call("track", { userId, anonymousId: `b-${userId}`, event: "callback wanted" })], "browser");
  };
  const phone = await aCustomer("caller1");
  await hub.send([
    call("identify", { userId: "caller2", traits: { phone } }),
    call("identify", { userId: "caller3", traits: { phone } }),
  ]);
  const textsTo = () => sms.handedOver.filter(({ to }) => to === phone).length;
  await wanted("caller1", 3);
  assert.equal(textsTo(), 2, "two for a customer");
  await wanted("caller2", 2);
  assert.equal(textsTo(), 3, "three to an address");
  const other = await aCustomer("caller4");
  await wanted("caller4", 2);
  assert.equal(sms.handedOver.filter(({ to }) => to === other).length, 0, "five from a peer");
  await hub.send([call("track", { userId: "caller4", event: "callback wanted" })]);
  assert.equal(sms.handedOver.filter(({ to }) => to === other).length, 1, "the server's word has no such cap");
});

test("a pack whose policy hears browsers of what the pack does not open is refused by name", async () => {
  const policies = [{ ...aSmallPack.policies[0], from: ["browser"] }];
  await assert.rejects(
    hub.scenarios.install({ ...aSmallPack, name: "careless", policies }),
    /browserEvents do not open "Ordered"/,
  );
});

test("a cap by customer holds whatever times the browser gives its events", async () => {
  await hub.scenarios.install({
    ...{ ...aSmallPack, name: "opened-by-time", features: [] },
    browserEvents: [open("callback by time", 2)],
    policies: [{ ...aSmallPack.policies[0], name: "by-time", on: ["callback by time"], from: ["browser", "server"] }],
  });
  const phone = await aCustomer("timed-caller");
  const context = { userHash: hashOf("timed-caller", await secret()) };
  for (let day = 0; day < 10; day++) {
    const timestamp = new Date(hub.clock.now() - day * 2 * 86_400_000).toISOString();
    const who = { userId: "timed-caller", anonymousId: "tc", context, timestamp };
    await hub.send([call("track", { ...who, event: "callback by time" })], "browser");
  }
  assert.equal(textsTo(phone), 2);
});

test("a timer that a pack opened to browsers is not due at once for the time that a browser states", async () => {
  await hub.scenarios.install({
    ...{ ...aSmallPack, name: "timed-open", features: [] },
    browserEvents: [open("cart left", 5)],
    timers: [{ name: "cart is old", on: ["cart left"], after: "6h", from: ["browser", "server"] }],
    policies: [
      { ...aSmallPack.policies[0], name: "old-cart", on: ["cart is old"], from: ["browser", "server", "hub"] },
    ],
  });
  const phone = await aCustomer("carter");
  const context = { userHash: hashOf("carter", await secret()) };
  const timestamp = new Date(hub.clock.now() - 3 * 86_400_000).toISOString();
  await hub.send(
    [call("track", { userId: "carter", anonymousId: "ct", event: "cart left", timestamp, context })],
    "browser",
  );
  wait(5_000);
  await hub.idle();
  assert.equal(textsTo(phone), 0);
});

test("what browsers call for does not use up what a policy of the same name must send for the server", async () => {
  await hub.scenarios.install({
    ...{ ...aSmallPack, name: "same-name", features: [] },
    browserEvents: [open("callback", 100)],
    policies: [
      {
        ...{ ...aSmallPack.policies[0], name: "callback", on: ["callback"], from: ["browser", "server"] },
        mustSendCap: { limit: 5, window: "24h" },
      },
    ],
  });
  const phone = await aCustomer("same-name");
  const context = { userHash: hashOf("same-name", await secret()) };
  for (let time = 0; time < 6; time++)
    await hub.send([call("track", { userId: "same-name", anonymousId: "sn", event: "callback", context })], "browser");
  const before = textsTo(phone);
  await hub.send([call("track", { userId: "same-name", event: "callback" })]);
  assert.equal(textsTo(phone), before + 1, `after ${before} that browsers called for`);
});

test("an anonymous id that is the customer's own user id, once said by the server, lets no browser call for messages", async () => {
  await hub.scenarios.install({
    ...{ ...aSmallPack, name: "guessable", features: [] },
    browserEvents: [open("call me", 3)],
    policies: [{ ...aSmallPack.policies[0], name: "call-me", on: ["call me"], from: ["browser", "server"] }],
  });
  const phone = await aCustomer("user-77");
  await hub.send([call("track", { userId: "user-77", anonymousId: "user-77", event: "Seen" })]);
  await hub.send([call("track", { anonymousId: "user-77", event: "call me" })], "browser");
  assert.equal(textsTo(phone), 0);
});

test("timers that a pack did not open to browsers are neither set, moved nor cancelled by one, proven or not", async () => {
  await hub.scenarios.install({
    ...{ ...aSmallPack, name: "closed-timer", features: [] },
    timers: [{ name: "bill is late", on: ["bill sent"], until: ["bill paid"], after: "1h" }],
    policies: [{ ...aSmallPack.policies[0], name: "late", on: ["bill is late"] }],
  });
  const phone = await aCustomer("doors");
  const context = { userHash: hashOf("doors", await secret()) };
  await hub.send([call("track", { userId: "doors", event: "bill sent" })]);
  for (const event of ["bill paid", "bill sent", "bill is late"])
    await hub.send([call("track", { userId: "doors", anonymousId: "db", event, context })], "browser");
  wait(3_700_000);
  await hub.idle();
  assert.equal(textsTo(phone), 1);
});

test("a browser's words by an anonymous id that the server linked order nothing, state nothing and part nobody", async () => {
  const phone = await aCustomer("linked");
  await hub.send([call("identify", { userId: "linked", anonymousId: "linked-browser" })]);
  await hub.send(
    [
      call("track", { anonymousId: "linked-browser", event: "Ordered" }),
      call("identify", {
        anonymousId: "linked-browser",
        traits: { phone: "+13125550199", household: "hx", timezone: "Asia/Tokyo" },
      }),
      call("group", { anonymousId: "linked-browser", groupId: "g", traits: { plan: "gold" } }),
      call("track", { anonymousId: "linked-browser", event: "confirmed" }),
      call("track", { anonymousId: "linked-browser", event: "Seen", properties: { amount: 1e300, item: "x" } }),
    ],
    "browser",
  );
  const profile = await profileOf("user_id", "linked");
  assert.deepEqual(
    [profile.traits.phone?.value, profile.traits.household, profile.traits.timezone, profile.traits["group.plan"]],
    [phone, undefined, undefined, undefined],
  );
  assert.deepEqual(profile.features, {});
  assert.equal(sms.handedOver.filter(({ to }) => [phone, "+13125550199"].includes(to)).length, 0);
});
