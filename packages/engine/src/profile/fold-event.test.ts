import assert from "node:assert/strict";
import { test } from "node:test";
import type { Event } from "@rapport/contract/event";
import { PROVEN } from "@rapport/contract/origin";
import fc from "fast-check";

import { TRAITS } from "./bounded.ts";
import { answerFeature, indexFeatures } from "./features.ts";
import { foldEvent } from "./fold-event.ts";
import { emptyProfile, type Feature, type Profile } from "./profile.ts";

const DAY = 86_400_000;
const features: Feature[] = [
  { name: "pages_7d", kind: "count", events: ["page"], from: PROVEN, property: null, windowMs: 7 * DAY },
  { name: "mb_2d", kind: "sum", events: ["data used"], from: PROVEN, property: "mb", windowMs: 2 * DAY },
  { name: "mb_by_day", kind: "daily", events: ["data used"], from: PROVEN, property: "mb", windowMs: 90 * DAY },
  { name: "last_plan", kind: "last", events: ["plan chosen"], from: PROVEN, property: "plan", windowMs: 365 * DAY },
  { name: "cities_30d", kind: "distinct", events: ["page"], from: PROVEN, property: "city", windowMs: 30 * DAY },
];
const index = indexFeatures(features);

const anEvent = (given: Partial<Event>): Event => ({
  id: "e",
  kind: "track",
  name: "page",
  at: 0,
  receivedAt: 0,
  claims: [],
  origin: "server",
  source: "test",
  channel: "web",
  ...given,
});
const fold = (events: Event[]): Profile => {
  const profile = emptyProfile("c");
  for (const event of events) foldEvent(profile, event, index);
  return profile;
};
const answer = (name: string, profile: Profile, now: number) => {
  const feature = features.find((one) => one.name === name) as Feature;
  return answerFeature(feature, profile.features[name], now);
};

const anyEvent = fc
  .record({
    id: fc.uuid(),
    kind: fc.constantFrom(
      "track" as const,
      "identify" as const,
      "consent" as const,
      "message" as const,
      "reply" as const,
    ),
    name: fc.constantFrom(
      "page",
      "data used",
      "plan chosen",
      "message.household",
      "Ticket Opened",
      "ticket closed",
      "Complaint Opened",
    ),
    at: fc.integer({ min: 1, max: 400 }).map((tenth) => tenth * DAY),
    traits: fc.dictionary(fc.constantFrom("name", "city", "__proto__", "toString"), fc.integer({ min: 0, max: 3 })),
    properties: fc.record({
      mb: fc.double({ min: 0, max: 5000, noNaN: true }),
      plan: fc.constantFrom("surf", "ultimate", "p".repeat(5_000)),
      city: fc.constantFrom("Oslo", "Kazan", "Wuhan", "Llanfair".repeat(6), "Llanfair".repeat(7)),
      messageId: fc.constantFrom("m1", "m2"),
      status: fc.constantFrom(
        "planned",
        "sent",
        "failed",
        "delivered",
        "seen",
        "answered",
        "bounced",
        "granted",
        "withdrawn",
      ),
      household: fc.constant("elm-7"),
      ticketId: fc.constantFrom(7, "8", "valueOf", undefined),
      purpose: fc.constantFrom("marketing", "service"),
      channel: fc.constantFrom("email", "sms"),
      text: fc.constantFrom("STOP", "start", "yes"),
    }),
  })
  .map((given) => anEvent(given as Partial<Event>));

test("any order of the same events gives the same profile", () => {
  fc.assert(
    fc.property(
      fc
        .uniqueArray(anyEvent, { maxLength: 25, selector: (event) => event.id })
        .chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
      ([all, shuffled]) => assert.deepEqual(canonical(fold(shuffled)), canonical(fold(all))),
    ),
    { numRuns: 800 },
  );
});

/** Key order is not part of a profile. A message's purpose and channel are its planner's, so events of one id agree on them. */
function canonical(profile: Profile): unknown {
  return JSON.parse(
    JSON.stringify({
      ...profile,
      ledger: profile.ledger.map(({ messageId, at, state }) => ({ messageId, at, state })),
      household: profile.household.map(({ messageId, at }) => ({ messageId, at })),
    }),
  );
}

test("the later statement of a trait wins, whenever it arrives", () => {
  const profile = fold([
    anEvent({ id: "b", at: 2, traits: { city: "Kazan" } }),
    anEvent({ id: "a", at: 1, traits: { city: "Oslo" } }),
  ]);

  assert.equal(profile.traits.city?.value, "Kazan");
});

test("a sliding window forgets what is older than it", () => {
  const profile = fold([1, 5, 9].map((day) => anEvent({ id: `e${day}`, at: day * DAY })));

  assert.equal(answer("pages_7d", profile, 9 * DAY), 2);
  assert.equal(answer("pages_7d", profile, 13 * DAY), 1);
  assert.equal(answer("pages_7d", profile, 30 * DAY), 0);
});

test("sums, last values and distinct values answer at the moment asked", () => {
  const profile = fold([
    anEvent({ id: "1", name: "data used", at: DAY, properties: { mb: 10.5 } }),
    anEvent({ id: "2", name: "data used", at: 2 * DAY, properties: { mb: 4 } }),
    anEvent({ id: "3", name: "plan chosen", at: DAY, properties: { plan: "surf" } }),
    anEvent({ id: "4", at: DAY, properties: { city: "Oslo" } }),
    anEvent({ id: "5", at: DAY, properties: { city: "Wuhan" } }),
  ]);

  assert.equal(answer("mb_by_day", profile, 2 * DAY), 14.5);
  assert.equal(answer("last_plan", profile, 2 * DAY), "surf");
  assert.equal(answer("cities_30d", profile, 2 * DAY), 2);
});

test("a profile stays small whatever its features hear: long values are counted by short names, and the longest are no last value", () => {
  const seen = (id: string, said: Record<string, unknown>, name = "page") =>
    anEvent({ id, name, at: DAY, properties: said });
  const long = Array.from({ length: 600 }, (_, n) => seen(`c${n}`, { city: `${n}-${"x".repeat(30_000)}` }));
  const profile = fold([
    ...long,
    seen("p1", { plan: "surf" }, "plan chosen"),
    seen("p2", { plan: ["x".repeat(30_000)] }, "plan chosen"),
  ]);

  assert.ok(JSON.stringify(profile).length < 20_000);
  assert.equal(answer("cities_30d", profile, DAY), 512);
  assert.equal(answer("last_plan", profile, DAY), "surf");
  assert.equal(answer("cities_30d", fold([...long.slice(0, 3), ...long.slice(0, 3)]), DAY), 3);
});

test("a profile stays small however wide the company's words are, in any alphabet", () => {
  const wide = Array.from({ length: TRAITS.names }, (_, n) =>
    anEvent({ id: `${n}`, kind: "identify", traits: { [`trait-${n}`]: "ы".repeat(4_000), email: "ann@x.org" } }),
  );
  const tickets = Array.from({ length: 2_000 }, (_, n) =>
    anEvent({ id: `t${n}`, at: n, name: "Ticket Closed", properties: { id: n } }),
  );
  const profile = fold([...wide, ...tickets]);

  assert.ok(JSON.stringify(profile).length < 100_000);
  assert.equal(profile.traits.email?.value, "ann@x.org");
  assert.ok(Object.hasOwn(profile.complaints, "1999") && !Object.hasOwn(profile.complaints, "1"));
});

test("long values that an older version kept whole are counted once with what is said now, and are kept short", () => {
  const city = "x".repeat(100);
  const profile = emptyProfile("c");
  profile.features.cities_30d = { kind: "distinct", lastSeenAt: { [city]: DAY, Oslo: DAY } };
  foldEvent(profile, anEvent({ at: 2 * DAY, properties: { city } }), index);

  assert.equal(answer("cities_30d", profile, 2 * DAY), 2);
  assert.ok(!JSON.stringify(profile).includes(city));
});

test("a value that holds a toString of its own is counted like any other", () => {
  const said = (id: string, city: unknown) => anEvent({ id, at: DAY, properties: { city } });
  assert.equal(answer("cities_30d", fold([said("1", { toString: 1 }), said("2", "Oslo")]), DAY), 2);
});

test("a name that every object inherits is a name like any other: of traits, claims, complaints, consent, policies and messages", () => {
  const name = "toString";
  const claimed = [{ kind: name, value: "x" }];
  const message = (id: string, status: string) =>
    anEvent({ id, kind: "message", at: 1, origin: "provider", properties: { messageId: name, status } });
  const profile = fold([
    anEvent({ id: "1", kind: "identify", traits: { [name]: "high", valueOf: 1 } }),
    anEvent({ id: "2", kind: "identify", origin: "browser", traits: { [name]: "low" }, claimed }),
    anEvent({ id: "3", name: "Complaint Opened", properties: { id: name } }),
    anEvent({ id: "4", kind: "decision", name: "decision.act", at: 1, properties: { policy: name } }),
    message("5", "delivered"),
    message("6", "valueOf"),
    anEvent({ id: "7", name: "Complaint Opened", properties: { id: { toString: 1 } } }),
  ]);

  assert.equal(profile.traits[name]?.value, "high");
  assert.ok(Object.hasOwn(profile.traits, "valueOf"));
  assert.equal(profile.claimed[name]?.value, "low");
  assert.deepEqual(Object.keys(profile.complaints).sort(), [name, '{"toString":1}'].sort());
  assert.equal(profile.decidedAt[name], 1);
  assert.deepEqual(profile.proofs, { [name]: { delivered: 1 } });
});

test("a trait named __proto__ reaches no prototype", () => {
  const profile = fold([anEvent({ traits: JSON.parse('{"__proto__":{"admin":1},"constructor":{"x":1}}') })]);

  assert.equal(({} as Record<string, unknown>).admin, undefined);
  assert.deepEqual(Object.keys(profile.traits), []);
});

test("STOP in a reply withdraws consent to marketing on that channel, and START gives it again", () => {
  const stop = anEvent({ id: "1", kind: "reply", at: 1, properties: { channel: "sms", text: "Stop." } });
  const start = anEvent({ id: "2", kind: "reply", at: 2, properties: { channel: "sms", text: "START" } });

  assert.equal(fold([stop]).consent["marketing/sms"]?.value.status, "withdrawn");
  assert.equal(fold([start, stop]).consent["marketing/sms"]?.value.status, "granted");
});

test("by mail STOP leaves bills alone unless all is to stop, and unproven it withdraws marketing alone, and START gives nothing", () => {
  const said = (id: string, text: string, origin: Event["origin"]) =>
    anEvent({ id, kind: "reply", at: Number(id), origin, properties: { channel: "email", text } });
  const withdrawn = (...events: Event[]) =>
    Object.entries(fold(events).consent).flatMap(([key, { value }]) => (value.status === "withdrawn" ? [key] : []));
  const consents = ["marketing/email", "survey/email", "profiling/email"];

  assert.deepEqual(withdrawn(said("1", "STOP", "person")), consents);
  assert.deepEqual(withdrawn(said("1", "STOP ALL", "person")), [...consents, "service/email"]);
  assert.deepEqual(withdrawn(said("1", "STOP ALL", "claimed-person")), ["marketing/email"]);
  assert.deepEqual(withdrawn(said("1", "STOP", "person"), said("2", "START", "claimed-person")), consents);
  assert.deepEqual(withdrawn(said("1", "STOP ALL", "person"), said("2", "START", "person")), []);
});

test("a message reserves, commits and releases one contact however its news is ordered", () => {
  const news = (id: string, at: number, status: string) =>
    anEvent({ id, at, kind: "message", properties: { messageId: "m", channel: "sms", purpose: "service", status } });

  assert.equal(fold([news("1", 1, "planned")]).ledger[0]?.state, "reserved");
  assert.equal(fold([news("2", 2, "sent"), news("1", 1, "planned")]).ledger[0]?.state, "committed");
  assert.equal(fold([news("3", 3, "failed"), news("1", 1, "planned")]).ledger[0]?.state, "released");
});

test("the device's zone is what a proven event's context says last, and never a browser's word or a server's own zone", () => {
  const said = (id: string, at: number, timezone: unknown, given: Partial<Event> = {}) =>
    anEvent({ id, at, context: { timezone }, ...given });
  const events = [
    said("a", 2, "Europe/Berlin"),
    said("b", 1, "America/New_York"),
    said("c", 3, "Asia/Tokyo", { origin: "browser" }),
    said("d", 4, "UTC"),
    said("e", 5, "Etc/UTC"),
    said("f", 6, "Middle/Earth"),
    said("g", 7, ["Asia/Tokyo"]),
  ];
  for (const order of [events, events.toReversed()]) assert.equal(fold(order).zone?.value, "Europe/Berlin");
});

test("an amount said as a text counts in sums as the number does, and what is none does not", () => {
  const texts = ["12.50", " 7 ", "-0.5", "12,50", "$3", "", "1e3", "NaN", "0x10"];
  const events = texts.map((mb, n) => anEvent({ id: `t${n}`, name: "data used", at: DAY, properties: { mb } }));
  assert.equal(answer("mb_2d", fold(events), DAY), 19);
});
