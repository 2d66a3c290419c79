import assert from "node:assert/strict";
import { after, test } from "node:test";

import { aSmallPack } from "../identity/a-small-pack.ts";
import { openBrowserHub } from "../browser-hub.ts";
/** What a browser's key could do when everything that came in was believed alike (S21, S26, S27 of the list of attacks). */
const site = await openBrowserHub();
after(() => site.hub.end());
const { hub, sms, call, customerOf, profileOf, stateOf, aCustomer, deadLetters, wait } = site;

test("an event that a policy listens to writes to nobody when a browser says it, three hundred times or once", async () => {
  const phone = await aCustomer("pumped");
  const orders = Array.from({ length: 300 }, (_, index) =>
    call("track", {
      userId: "pumped",
      anonymousId: `pump-${index}`,
      event: "Ordered",
      properties: { item: "spam words" },
    }),
  );
  await hub.send(orders, "browser");
  await hub.send([call("identify", { anonymousId: "pump", traits: { phone: "+13125559999" } })], "browser");
  await hub.send([call("track", { anonymousId: "pump", event: "Ordered" })], "browser");
  assert.deepEqual(
    sms.handedOver.filter(({ to }) => [phone, "+13125559999"].includes(to)),
    [],
  );
  await hub.send([call("track", { userId: "pumped", event: "Ordered" })]);
  assert.equal(sms.handedOver.filter(({ to }) => to === phone).length, 1, "said by the server, it is confirmed");
});

test("a message id that a browser said first does not swallow the server's event", async () => {
  await aCustomer("squatted");
  await hub.send([{ type: "track", anonymousId: "squatter", event: "Seen", messageId: "order-1001-paid" }], "browser");
  await hub.send([{ type: "track", userId: "squatted", event: "Seen", messageId: "order-1001-paid" }]);
  assert.equal((await profileOf("user_id", "squatted")).events, 2);
});

test("an address, a zone, a household, a plan or a locale that a browser claims for a customer stays a claim of the visitor", async () => {
  const phone = await aCustomer("victim");
  const traits = {
    email: "attacker@evil.example",
    phone: "+13125558888",
    timezone: "Asia/Tokyo",
    household: "h",
    plan: "x",
    locale: "zh",
  };
  const context = { timezone: "Asia/Tokyo" };
  await hub.send([call("identify", { userId: "victim", anonymousId: "thief", traits, context })], "browser");
  const known = await profileOf("user_id", "victim");
  assert.deepEqual([known.traits.email?.value, known.traits.plan?.value], ["victim@town.example", "surf"]);
  assert.ok(!(await stateOf("user_id", "victim")).includes("Asia/Tokyo"));
  for (const name of ["timezone", "household", "locale"]) assert.equal(known.traits[name], undefined, name);
  const visitor = await profileOf("anonymous_id", "thief");
  assert.deepEqual([visitor.claimed.email?.value, visitor.traits.email], ["attacker@evil.example", undefined]);
  assert.ok("user_id:victim" in visitor.claimedToBe);
  assert.notEqual(await customerOf("anonymous_id", "thief"), await customerOf("user_id", "victim"));
  assert.equal(await customerOf("email", "attacker@evil.example"), undefined);
  await hub.send([call("track", { userId: "victim", event: "Ordered" })]);
  assert.deepEqual(
    sms.handedOver.filter(({ to }) => to === phone || to === "+13125558888").map(({ to }) => to),
    [phone],
  );
  const { rows } = await hub.database.db.query("select 1 as one from household_member where household = 'h'");
  assert.equal(rows.length, 0);
});

test("an alias that a browser says joins nobody, by whatever ids", async () => {
  await aCustomer("one");
  await aCustomer("other");
  await hub.send([call("identify", { userId: "one", anonymousId: "ones-browser" })]);
  await hub.send(
    [
      call("alias", { previousId: "one", userId: "other" }),
      call("alias", { previousId: "ones-browser", userId: "other", anonymousId: "joiner" }),
      call("identify", {
        userId: "one",
        anonymousId: "joiner",
        context: { externalIds: [{ id: "other", type: "user_id", collection: "users" }] },
      }),
    ],
    "browser",
  );
  assert.notEqual(await customerOf("user_id", "one"), await customerOf("user_id", "other"));
  assert.equal(await customerOf("anonymous_id", "ones-browser"), await customerOf("user_id", "one"));
});

for (const by of ["browser", "write"] as const)
  test(`names of the hub's own events are refused of a ${by === "write" ? "server" : "browser"}, and part nobody`, async () => {
    await hub.send([
      call("identify", { userId: `whole-${by}`, anonymousId: `part-${by}`, traits: { email: `w-${by}@town.example` } }),
    ]);
    const before = (await deadLetters()).length;
    const names = ["identity.apart", "message.sent", "decision.act", "reply", "Identity.Apart ", "trait.confirmed"];
    names.push("consent", "message.opened", "decision.other", "re\u200bply");
    const into = await customerOf("user_id", `whole-${by}`);
    await hub.send(
      names.map((event) => call("track", { anonymousId: `part-${by}`, event, properties: { from: into, into } })),
      by,
    );
    await hub.send([call("page", { anonymousId: `part-${by}`, name: "message.delivered" })], by);
    const letters = (await deadLetters()).slice(before);
    assert.equal(letters.length, 2, "one for each request");
    assert.match(letters[0]?.reason ?? "", /^10 of 10 calls refused: event: "identity.apart" is said by the hub alone/);
    assert.equal(await customerOf("anonymous_id", `part-${by}`), await customerOf("user_id", `whole-${by}`));
  });

test("the name of a timer is heard from the hub alone", async () => {
  const timed = {
    ...aSmallPack,
    name: "timed",
    features: [{ name: "rang_7d", kind: "count", events: ["bell rang"], window: "7d" }],
    timers: [{ name: "bell rang", on: ["bell set"], after: "1h" }],
    policies: [{ ...aSmallPack.policies[0], name: "on-bell", on: ["bell rang"] }],
  };
  await hub.scenarios.install(timed);
  const phone = await aCustomer("bellringer");
  await hub.send([call("track", { userId: "bellringer", event: "bell rang" })]);
  assert.equal(sms.handedOver.filter(({ to }) => to === phone).length, 0);
  await hub.send([call("track", { userId: "bellringer", event: "bell set" })]);
  wait(3_700_000);
  await hub.idle();
  assert.equal(sms.handedOver.filter(({ to }) => to === phone).length, 1);
});

test("an address that browsers claim for four customers is not shared for that, and its STOP lands on its own", async () => {
  const phone = await aCustomer("holder");
  for (const userId of ["fake1", "fake2", "fake3", "fake4"])
    await hub.send([call("identify", { userId, anonymousId: `a-${userId}`, traits: { phone } })], "browser");
  assert.equal(await customerOf("phone", phone), await customerOf("user_id", "holder"));
  const touch = { kind: "reply", gateway: "fake-sms", channel: "sms", to: "+13125550100", inReplyToKey: null } as const;
  await hub.hear([{ ...touch, from: phone, text: "STOP", at: hub.clock.now(), id: "stop-1" }]);
  await hub.idle();
  const { body } = await hub.call("GET", `/api/customers/${await customerOf("user_id", "holder")}`);
  const { consent } = body as { consent: { purpose: string; channel: string; status: string }[] };
  assert.ok(consent.some((one) => one.purpose === "marketing" && one.channel === "sms" && one.status === "withdrawn"));
});

test("fourteen hundred identifies of many names leave a small profile", async () => {
  for (let batch = 0; batch < 14; batch++) {
    const calls = Array.from({ length: 100 }, (_, index) => {
      const traits = Object.fromEntries(
        Array.from({ length: 32 }, (_, n) => [`t${batch}-${index}-${n}`, "x".repeat(90)]),
      );
      return call("identify", { anonymousId: "wide", traits });
    });
    for (let start = 0; start < 100; start += 50) await hub.send(calls.slice(start, start + 50), "browser");
  }
  const profile = await profileOf("anonymous_id", "wide");
  assert.equal(Object.keys(profile.claimed).length, 32);
  assert.ok(JSON.stringify(profile).length < 20_000);
  const letters = (await deadLetters()).length;
  await hub.send([call("identify", { anonymousId: "wide", traits: { bio: "x".repeat(2_000) } })], "browser");
  assert.equal((await deadLetters()).length, letters + 1, "a value beyond the bound is refused by name");
});

test("a batch of nonsense is one dead letter", async () => {
  const before = (await deadLetters()).length;
  await hub.send(
    Array.from({ length: 20_000 }, () => ({})),
    "browser",
  );
  const letters = (await deadLetters()).slice(before);
  assert.deepEqual(
    letters.map(({ reason }) => reason),
    ["20000 of 20000 calls refused: type: must be identify, track, page, screen, group or alias"],
  );
});

test("complaints are opened and closed by whoever has proven who he is, and by no browser", async () => {
  await hub.send([call("track", { userId: "calm", event: "Seen" })]);
  await hub.send([call("identify", { userId: "calm", anonymousId: "calms-browser" })]);
  await hub.send(
    [call("track", { anonymousId: "calms-browser", event: "Complaint Opened", properties: { id: "7" } })],
    "browser",
  );
  assert.deepEqual((await profileOf("user_id", "calm")).complaints, {});
  await hub.send([call("track", { userId: "calm", event: "Complaint Opened", properties: { id: "7" } })]);
  await hub.send(
    [call("track", { anonymousId: "calms-browser", event: "Complaint Closed", properties: { id: "7" } })],
    "browser",
  );
  assert.deepEqual(Object.keys((await profileOf("user_id", "calm")).complaints), ["7"]);
});

test("a colleague confirms the claim that was read, not what the browser has said since", async () => {
  await aCustomer("confirmed");
  await hub.send([call("identify", { userId: "confirmed", anonymousId: "cb" })]);
  await hub.send([call("identify", { anonymousId: "cb", traits: { phone: "+13125550777" } })], "browser");
  const id = await customerOf("user_id", "confirmed");
  assert.match(JSON.stringify((await hub.call("GET", `/api/customers/${id}`)).body), /\+13125550777/);
  wait(1_000);
  await hub.send([call("identify", { anonymousId: "cb", traits: { phone: "+13125550666" } })], "browser");
  const confirmed = await hub.call("POST", `/api/customers/${id}/claims/confirm`, {
    trait: "phone",
    value: "+13125550777",
  });
  await hub.idle();
  assert.equal(confirmed.status, 409);
  assert.notEqual((await profileOf("user_id", "confirmed")).traits.phone?.value, "+13125550666");
  const said = { trait: "phone", value: "+13125550666" };
  assert.equal((await hub.call("POST", `/api/customers/${id}/claims/confirm`, said)).status, 202);
  await hub.idle();
  assert.equal((await profileOf("user_id", "confirmed")).traits.phone?.value, "+13125550666");
});
