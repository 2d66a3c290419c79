import assert from "node:assert/strict";
import { test } from "node:test";

import fc from "fast-check";

import type { Contact, Proof } from "../profile/profile.ts";
import { type LearnedReach, learnReach, type ReachTerms, reachTerms } from "./learn-reach.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = Date.UTC(2026, 10, 18, 12);
const learning = { strength: 4, silence: 0.25, patienceMs: DAY };
const flat = (population: number, proof: ReachTerms["proof"] = "seen"): ReachTerms => reachTerms(population, proof);

type Had = { daysAgo: number; hour: number; came: keyof Proof | null };

/** What is learned by SMS from contacts had so many days ago at an hour of the day, each with what came back of it. */
function learned(had: Had[], terms = flat(0.6), preferred: string | null = null): LearnedReach {
  const ledger = had.map(({ daysAgo, hour }, index): Contact => {
    const at = NOW - (NOW % DAY) - daysAgo * DAY + hour * HOUR;
    return { messageId: `m${index}`, channel: "sms", purpose: "service", at, state: "committed" };
  });
  const proofs = Object.fromEntries(had.flatMap(({ came }, index) => (came ? [[`m${index}`, { [came]: NOW }]] : [])));
  return learnReach("sms", terms, learning, { ledger, proofs, preferred, zone: "UTC", now: NOW });
}
const at = ({ chance }: LearnedReach, hour: number): number =>
  typeof chance === "number" ? chance : (chance[hour] ?? Number.NaN);
const meanOf = (one: LearnedReach): number =>
  Array.from({ length: 24 }, (_, hour) => at(one, hour)).reduce((sum, each) => sum + each, 0) / 24;

const anyHad = fc.record<Had>({
  daysAgo: fc.integer({ min: 2, max: 60 }),
  hour: fc.integer({ min: 0, max: 23 }),
  came: fc.constantFrom("delivered", "seen", "missed", null),
});
const anyHistory = fc.array(anyHad, { maxLength: 20 });

test("of whom nothing is known the population's figure is expected, and a stated preference moves it", () => {
  assert.deepEqual(learned([]), { chance: 0.6, expected: 0.6, contacts: 0, reached: 0 });
  const [asked, others] = [learned([], flat(0.7), "sms"), learned([], flat(0.7), "email")];
  assert.deepEqual([asked.chance, others.chance], [0.903, 0.512]);
});

const cases: [what: string, had: Had[], chance: number, contacts: number, reached: number][] = [
  ["four that were seen", four("seen"), 0.8, 4, 4],
  ["four that bounced", four("missed"), 0.3, 4, 0],
  ["four that nobody answered, each a quarter of a contact", four(null), 0.48, 4, 0],
  ["four that came to the device and no further, which is silence too", four("delivered"), 0.48, 4, 0],
];
for (const [what, had, chance, contacts, reached] of cases) {
  test(`the figure of an hour nobody wrote in is the channel's own after ${what}`, () => {
    const one = learned(had);
    assert.deepEqual([at(one, 0), one.contacts, one.reached], [chance, contacts, reached]);
  });
}

function four(came: Had["came"]): Had[] {
  return [3, 4, 5, 6].map((daysAgo) => ({ daysAgo, hour: 12, came }));
}

test("where delivery is the proof, what was delivered has reached", () => {
  assert.equal(learned(four("delivered"), flat(0.6, "delivered")).reached, 4);
});

test("a contact that nobody has had time to answer says nothing", () => {
  assert.equal(learned([{ daysAgo: 0, hour: 11, came: null }]).contacts, 0);
  assert.equal(learned([{ daysAgo: 0, hour: 11, came: "seen" }]).contacts, 1);
});

test("who answers in the evening and never at noon is reached better in the evening", () => {
  const one = learned(
    [3, 4, 5].flatMap((daysAgo) => [
      { daysAgo, hour: 12, came: null },
      { daysAgo, hour: 19, came: "seen" as const },
    ]),
  );
  assert.ok(at(one, 19) > at(one, 18) && at(one, 18) > at(one, 3) && at(one, 3) > at(one, 12), JSON.stringify(one));
});

test("the population's hours keep their shape around what is learned of the customer", () => {
  const population = Array.from({ length: 24 }, (_, hour) => (hour >= 18 && hour < 22 ? 0.8 : 0.4));
  const one = learned(four("seen"), reachTerms(population, "seen"));
  assert.ok(at(one, 19) > at(one, 3) && at(one, 3) > 0.4);
});

test("it is a probability, whatever came back, and the order of the contacts changes nothing", () => {
  fc.assert(
    fc.property(anyHistory, (had) => {
      const one = learned(had);
      for (let hour = 0; hour < 24; hour++) assert.ok(at(one, hour) > 0 && at(one, hour) < 1);
      assert.deepEqual(learned(had.toReversed()), one);
    }),
  );
});

test("one more contact that was seen never lowers an hour, one more that bounced or was left unanswered never raises one", () => {
  fc.assert(
    fc.property(anyHistory, anyHad, (had, more) => {
      const before = learned(had);
      const after = (came: Had["came"]) => learned([...had, { ...more, came }]);
      const [seen, missed, silent] = [after("seen"), after("missed"), after(null)];
      for (let hour = 0; hour < 24; hour++) {
        assert.ok(at(seen, hour) >= at(before, hour));
        assert.ok(at(missed, hour) <= at(silent, hour) && at(silent, hour) <= at(before, hour));
      }
    }),
  );
});

test("with many contacts the population is forgotten, and with few it rules", () => {
  const often = Array.from({ length: 200 }, (_, index): Had => {
    return { daysAgo: 2 + (index % 58), hour: index % 24, came: index % 10 < 3 ? "seen" : "missed" };
  });
  for (const population of [0.1, 0.9]) assert.ok(Math.abs(meanOf(learned(often, flat(population))) - 0.3) < 0.03);
  assert.ok(meanOf(learned(often.slice(0, 1), flat(0.1))) < 0.35);
});
