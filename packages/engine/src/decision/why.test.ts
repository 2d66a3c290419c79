import assert from "node:assert/strict";
import { test } from "node:test";

import fc from "fast-check";

import { aDecideInput, anAction, aPolicy, NOON } from "./a-decision.ts";
import { decide } from "./decide.ts";
import { replay, whatIf } from "./what-if.ts";
import { why, whyNot } from "./why.ts";

const policy = aPolicy({
  actions: [
    anAction({ name: "plan", eligible: 'traits.plan == "smart" && features.months >= 2', valueToCustomer: 9 }),
    anAction({ name: "topup" }),
  ],
});
const facts = { traits: { plan: "smart" }, features: { months: 1 } };

test("a decision tells the action, its worth and what came next", () => {
  const { sentence, parts } = why(decide(aDecideInput({ policy, facts: { ...facts, features: { months: 2 } } })));

  assert.equal(
    sentence,
    '"plan" by email at 2026-11-18T12:00Z, worth 5.49; it succeeds with probability 0.50, brings the customer 9 and the ' +
      'company 2; by email it reaches the customer with probability 1, costs 0.01 and annoys by 0; the next best, "topup", was worth 1.99.',
  );
  assert.deepEqual(
    parts.map(({ code }) => code),
    ["chosen", "expects", "way", "better"],
  );
});

test("why not names the part of the condition that did not hold and the facts it read", () => {
  const { parts, sentence } = whyNot(decide(aDecideInput({ policy, facts })), "plan");

  assert.deepEqual(parts, [
    { code: "not-eligible", params: { condition: "features.months >= 2" } },
    { code: "fact", params: { path: "features.months", value: 1 } },
  ]);
  assert.equal(sentence, "It is only for customers with features.months >= 2; features.months is 1.");
});

test("what if is answered from the record alone", () => {
  const record = JSON.parse(JSON.stringify(decide(aDecideInput({ policy, facts }))));

  const supposed = whatIf(policy, record, { facts: { "features.months": 3 } });
  assert.equal(supposed.outcome.kind === "act" && supposed.outcome.action, "plan");

  const withdrawn = whatIf(policy, record, { consent: { "service/*": "withdrawn" } });
  assert.equal(withdrawn.outcome.kind === "nothing" && withdrawn.outcome.reason.code, "consent-withdrawn");
  const later = whatIf(policy, record, { at: NOON + 1, channels: ["sms"] });
  assert.deepEqual(later.outcome.kind === "act" && [later.outcome.at, later.outcome.channel], [NOON + 1, "sms"]);
});

test("a record read back from the database and replayed gives the same record", () => {
  const plan = fc.constantFrom("smart", "ultra", null);
  fc.assert(
    fc.property(plan, fc.nat(4), fc.boolean(), (name, months, openComplaint) => {
      const input = aDecideInput({ policy, facts: { traits: { plan: name }, features: { months } }, openComplaint });
      const record = decide(input);
      assert.deepEqual(replay(policy, JSON.parse(JSON.stringify(record))), record);
    }),
  );
});
