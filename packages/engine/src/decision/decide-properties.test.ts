import assert from "node:assert/strict";
import { test } from "node:test";

import type { PolicyFileAction } from "@rapport/contract/policy-file";
import fc from "fast-check";

import { aDecideInput, anAction, aPolicy } from "./a-decision.ts";
import { decide } from "./decide.ts";
import { packRecord, unpackRecord } from "./packed-record.ts";
import { replay } from "./what-if.ts";

const worth = fc.integer({ min: -50, max: 50 }).map((cents) => cents / 10);
const plans = ["smart", "ultra", "basic"];

const action = fc.record({
  valueToCompany: worth,
  valueToCustomer: worth,
  success: fc.constantFrom(0, 0.2, 0.9, "traits.chance"),
  mustSend: fc.constantFrom(false, false, false, true),
  weight: fc.constantFrom(0, 1, 2),
  eligible: fc.constantFrom(
    "true",
    ...plans.map((plan) => `traits.plan == "${plan}"`),
    'traits.plan in ["smart", "basic"] && features.months > 1',
    'features.months == 2 && traits.plan == "smart"',
    '"ultra" == traits.plan || features.months == 3',
    "has(traits.nobody)",
  ),
});
const facts = fc.record({
  traits: fc.record({ plan: fc.constantFrom(...plans, null), chance: fc.constantFrom(0.5, null) }),
  features: fc.record({ months: fc.nat(4) }),
});

const actionsOf = (
  given: readonly (typeof action extends fc.Arbitrary<infer One> ? One : never)[],
): PolicyFileAction[] =>
  given.map(({ mustSend, ...more }, index) =>
    anAction({ name: `a${index}`, class: mustSend ? "must-send" : "optional", ...more }),
  );

test("an action that is worth less than nothing to the customer is never chosen unless it must be sent", () => {
  fc.assert(
    fc.property(fc.array(action, { minLength: 1, maxLength: 8 }), facts, (given, known) => {
      const actions = actionsOf(given);
      const { outcome } = decide(aDecideInput({ policy: aPolicy({ actions }), facts: known }));
      const chosen = actions.find(({ name }) => outcome.kind === "act" && name === outcome.action);
      if (chosen?.class === "optional") assert.ok((chosen.valueToCustomer as number) >= 0);
    }),
  );
});

test("nothing is chosen that is worth no more than silence, and nothing better is passed over", () => {
  fc.assert(
    fc.property(fc.array(action, { minLength: 1, maxLength: 8 }), facts, (given, known) => {
      const { outcome, candidates } = decide(
        aDecideInput({ policy: aPolicy({ actions: actionsOf(given) }), facts: known }),
      );
      if (outcome.kind === "nothing") {
        assert.ok(candidates.every(({ removedBy }) => removedBy !== null));
        return;
      }
      if (!outcome.mustSend) assert.ok(outcome.score > 0);
      for (const { removedBy, score } of candidates) {
        if (removedBy?.filter === "choice" && !outcome.mustSend) assert.ok((score ?? 0) <= outcome.score);
      }
    }),
  );
});

test("a policy of a thousand actions finds by its index what a scan of all its actions finds", () => {
  const ballast = Array.from({ length: 60 }, (_, index) =>
    anAction({ name: `z${index}`, eligible: `traits.plan == "plan ${index}"` }),
  );
  fc.assert(
    fc.property(fc.array(action, { minLength: 1, maxLength: 8 }), facts, (given, known) => {
      const actions = actionsOf(given);
      const scanned = decide(aDecideInput({ policy: aPolicy({ actions }), facts: known }));
      const indexed = decide(aDecideInput({ policy: aPolicy({ actions: [...actions, ...ballast] }), facts: known }));
      const eligible = scanned.candidates.filter(({ removedBy }) => removedBy?.filter !== "eligibility");
      assert.deepEqual(indexed.candidates, eligible);
      if (scanned.outcome.kind === "act") assert.deepEqual(indexed.outcome, scanned.outcome);
      assert.equal(indexed.unlisted["not-eligible"], actions.length + ballast.length - eligible.length);
    }),
  );
});

test("the order of the actions in the file changes nothing", () => {
  const shuffled = fc
    .array(action, { minLength: 1, maxLength: 8 })
    .chain((given) =>
      fc.tuple(fc.constant(actionsOf(given)), fc.shuffledSubarray(actionsOf(given), { minLength: given.length })),
    );
  fc.assert(
    fc.property(shuffled, facts, ([actions, again], known) => {
      const [first, second] = [actions, again].map((theirs) =>
        decide(aDecideInput({ policy: aPolicy({ actions: theirs }), facts: known })),
      );
      assert.deepEqual(
        second?.outcome.kind === "act" ? second.outcome : null,
        first?.outcome.kind === "act" ? first.outcome : null,
      );
      assert.deepEqual(second?.candidates, first?.candidates);
    }),
  );
});

test("a replay of the record of a large policy gives the record", () => {
  const actions = Array.from({ length: 200 }, (_, index) =>
    anAction({ name: `a${index}`, eligible: `features.months > ${index % 4}`, valueToCompany: index % 7 }),
  );
  const policy = aPolicy({ actions });
  const record = decide(aDecideInput({ policy, facts: { features: { months: 3 } } }));

  assert.equal(record.candidates.length, 100);
  assert.deepEqual(record.unlisted, { outscored: 50, "not-eligible": 50 });
  assert.deepEqual(replay(policy, JSON.parse(JSON.stringify(record))), record);
});

test("a record that was packed and kept as JSON is the record that was decided", () => {
  fc.assert(
    fc.property(fc.array(action, { minLength: 1, maxLength: 8 }), facts, fc.boolean(), (given, known, reachable) => {
      const record = decide(
        aDecideInput({
          policy: aPolicy({ actions: actionsOf(given) }),
          facts: known,
          ...(reachable ? {} : { addresses: {} }),
        }),
      );
      const kept = JSON.parse(JSON.stringify(packRecord(record)));
      assert.deepEqual(unpackRecord(kept), JSON.parse(JSON.stringify(record)));
    }),
  );
});
