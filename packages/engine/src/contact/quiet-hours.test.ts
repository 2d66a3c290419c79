import assert from "node:assert/strict";
import { test } from "node:test";

import fc from "fast-check";

import { quietUntil } from "./quiet-hours.ts";
import { NEVER } from "./zone.ts";
import { zonesOf } from "./zones-of.ts";

const night = [
  { purposes: ["marketing" as const], channels: null, fromMs: 21 * 3_600_000, toMs: 8 * 3_600_000, source: "TCPA" },
];
const local = (text: string) => Temporal.ZonedDateTime.from(text).epochMilliseconds;
const wall = (at: number, zone: string) =>
  Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDateTime().toString();

const evenings: [zone: string, night: string, allowed: string][] = [
  ["Europe/London", "2026-11-18T21:00", "2026-11-19T08:00:00"],
  ["America/New_York", "2026-11-18T23:59", "2026-11-19T08:00:00"],
  ["America/Phoenix", "2026-07-01T21:00", "2026-07-02T08:00:00"],
  ["America/Denver", "2026-07-01T03:00", "2026-07-01T08:00:00"],
  ["Asia/Kathmandu", "2026-11-18T21:15", "2026-11-19T08:00:00"],
  ["Pacific/Chatham", "2026-11-18T21:00:10", "2026-11-19T08:00:00"],
  ["Asia/Kolkata", "2026-11-18T07:59:59", "2026-11-18T08:00:00"],
  ["Australia/Lord_Howe", "2026-04-04T22:00", "2026-04-05T08:00:00"],
  ["Europe/Moscow", "2026-12-31T22:00", "2027-01-01T08:00:00"],
  ["Pacific/Apia", "2026-02-28T21:30", "2026-03-01T08:00:00"],
  ["America/New_York", "2026-03-07T22:00", "2026-03-08T08:00:00"],
  ["America/New_York", "2026-10-31T22:00", "2026-11-01T08:00:00"],
];
for (const [zone, evening, allowed] of evenings) {
  test(`marketing planned for ${evening} in ${zone} waits until ${allowed} on the customer's clock`, () => {
    const until = quietUntil(night, "marketing", "sms", zone, local(`${evening}[${zone}]`));
    assert.equal(wall(until, zone), allowed);
  });
}

test("ten seconds before nine in the evening is still allowed, nine is not", () => {
  for (const zone of ["America/Phoenix", "Asia/Kathmandu", "Pacific/Chatham"]) {
    const before = local(`2026-11-18T20:59:50[${zone}]`);
    assert.equal(quietUntil(night, "marketing", "sms", zone, before), before);
    assert.notEqual(quietUntil(night, "marketing", "sms", zone, before + 10_000), before + 10_000);
  }
});

test("quiet hours that end in the hour that the clock skips end with the skip", () => {
  const early = [
    { ...night[0], purposes: ["survey" as const], channels: null, fromMs: 0, toMs: 2.5 * 3_600_000, source: "" },
  ];
  const until = quietUntil(early, "survey", "sms", "America/New_York", local("2026-03-08T01:00[America/New_York]"));
  assert.equal(wall(until, "America/New_York"), "2026-03-08T03:00:00");
});

test("other purposes have no quiet hours", () => {
  const at = local("2026-11-18T23:00[UTC]");
  assert.equal(quietUntil(night, "service", "sms", "UTC", at), at);
});

test("a customer with a number of the United States and no zone hears nothing while it is night in any of its zones", () => {
  const zones = zonesOf({ zone: null, country: null, phone: "+12025550123" }, ["UTC"]);
  assert.ok(zones.includes("America/New_York") && zones.includes("Pacific/Honolulu"), zones.join());

  const until = quietUntil(night, "marketing", "sms", zones, local("2026-11-18T09:00[America/New_York]"));
  for (const zone of zones) {
    const hour = Temporal.Instant.fromEpochMilliseconds(until).toZonedDateTimeISO(zone).hour;
    assert.ok(hour >= 8 && hour < 21, `${zone} at ${hour}`);
  }
});

test("a stated zone is taken at its word, a wrong one is not", () => {
  assert.deepEqual(zonesOf({ zone: "Asia/Kathmandu", country: "US", phone: null }, []), ["Asia/Kathmandu"]);
  assert.deepEqual(zonesOf({ zone: "Mars/Olympus", country: "np", phone: null }, []), ["Asia/Katmandu"]);
  assert.deepEqual(zonesOf({ zone: null, country: null, phone: "nonsense" }, ["UTC"]), ["UTC"]);
});

test("the answer is the first minute that is quiet in none of the zones", () => {
  const zone = fc.constantFrom(
    "America/New_York",
    "Pacific/Chatham",
    "Asia/Kathmandu",
    "Europe/Paris",
    "Africa/Casablanca",
  );
  const zones = fc.uniqueArray(zone, { minLength: 1, maxLength: 2 });
  const start = fc.integer({ min: Date.UTC(2026, 0) / 60_000, max: Date.UTC(2027, 0) / 60_000 });
  const hours = fc.tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 23 }));
  fc.assert(
    fc.property(zones, start, hours, (theirs, minute, [from, to]) => {
      const [rule] = night.map((one) => ({ ...one, fromMs: from * 3_600_000, toMs: to * 3_600_000 }));
      const isQuiet = (at: number) =>
        theirs.some((name) => {
          const { hour } = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(name);
          return from <= to ? hour >= from && hour < to : hour >= from || hour < to;
        });
      const until = quietUntil(rule ? [rule] : [], "marketing", "sms", theirs, minute * 60_000);
      if (until === NEVER) return;
      for (let at = minute * 60_000; at < until; at += 15 * 60_000) assert.ok(isQuiet(at));
      assert.ok(!isQuiet(until));
    }),
    { numRuns: 60 },
  );
});
