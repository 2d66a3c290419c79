import assert from "node:assert/strict";
import { test } from "node:test";

import { aDecideInput, anAction, aPolicy, aProfile, NOON } from "./a-decision.ts";
import { decide } from "./decide.ts";

test("the best action goes by the channel that costs least", () => {
  const { outcome } = decide(aDecideInput());

  assert.deepEqual(outcome, {
    kind: "act",
    action: "offer",
    item: null,
    mustSend: false,
    purpose: "service",
    channel: "email",
    at: NOON,
    score: 0.5 * 4 - 0.01,
  });
});

test("an action is weighed once for each option and the best option wins", () => {
  const policy = aPolicy({
    actions: [
      anAction({
        forEach: "options",
        eligible: 'item.kind == "topup"',
        valueToCustomer: "item.saving",
        valueToCompany: 0,
      }),
    ],
  });
  const options = [
    { kind: "topup", name: "one", saving: 1 },
    { kind: "topup", name: "two", saving: 3 },
    { kind: "plan", name: "big", saving: 9 },
  ];
  const { outcome, candidates } = decide(aDecideInput({ policy, facts: { options } }));

  assert.equal(outcome.kind === "act" && outcome.item, "two");
  assert.deepEqual(
    candidates.map(({ item, removedBy }) => [item, removedBy?.reason.code]),
    [
      ["two", undefined],
      ["one", "outscored"],
      ["big", "not-eligible"],
    ],
  );
});

test("an action against the customer's interest is barred whatever it brings the company", () => {
  const policy = aPolicy({ actions: [anAction({ valueToCompany: 1000, valueToCustomer: -0.01 })] });
  const { outcome, candidates } = decide(aDecideInput({ policy }));

  assert.deepEqual(outcome, {
    kind: "nothing",
    reason: { code: "against-customer", params: { valueToCustomer: -0.01 } },
  });
  assert.equal(candidates[0]?.removedBy?.filter, "interest");
});

test("a must-send action is sent though it is worth nothing", () => {
  const policy = aPolicy({
    actions: [
      anAction({ name: "bill", class: "must-send", success: 0, valueToCompany: 0, valueToCustomer: -1 }),
      anAction(),
    ],
  });
  const { outcome } = decide(aDecideInput({ policy }));

  assert.equal(outcome.kind === "act" && outcome.action, "bill");
});

test("silence is chosen when every action is worth less than its cost and annoyance", () => {
  const policy = aPolicy({ annoyance: { base: 5, recent: 0, halfLife: "7d" } });
  const { outcome } = decide(aDecideInput({ policy }));

  assert.equal(outcome.kind === "nothing" && outcome.reason.code, "not-worth-it");
});

test("the hour with the better chance of reaching the customer is waited for", () => {
  const reach = { email: Array.from({ length: 24 }, (_, hour) => (hour === 19 ? 0.9 : 0.3)), sms: Array(24).fill(0.2) };
  const { outcome } = decide(aDecideInput({ reach }));

  assert.equal(outcome.kind === "act" && outcome.at, NOON + 7 * 3_600_000);
});

test("a contact planned for quiet hours moves to their end", () => {
  const policy = aPolicy({
    contact: {
      consent: { service: { default: "opt-out", source: "contract", since: "2026-01-01" } },
      quietHours: [{ purposes: ["service"], from: "11:00", to: "15:30" }],
    },
  });
  const { outcome } = decide(aDecideInput({ policy }));

  assert.equal(outcome.kind === "act" && outcome.at, NOON + 3.5 * 3_600_000);
});

test("a spent budget is told with the cap and the time it comes free", () => {
  const policy = aPolicy({
    contact: {
      consent: { service: { default: "opt-out", source: "contract", since: "2026-01-01" } },
      caps: [{ name: "weekly", limit: 1, window: "30d" }],
    },
  });
  const ledger = [
    { messageId: "m1", channel: "sms", purpose: "marketing", at: NOON - 86_400_000, state: "committed" } as const,
  ];
  const { outcome } = decide(aDecideInput({ policy, profile: aProfile({ ledger }) }));

  const until = NOON + 29 * 86_400_000;
  assert.deepEqual(outcome, { kind: "nothing", reason: { code: "cap", params: { cap: "weekly", limit: 1, until } } });
});

test("the record keeps only the facts that the policy reads, and no address", () => {
  const policy = aPolicy({
    actions: [anAction({ eligible: 'traits.plan == "smart" && forecast.data.median > 10.0' })],
  });
  const facts = {
    traits: { plan: "smart", secret: "x" },
    forecast: { data: { median: 12, mean: 13 }, calls: { median: 1 } },
    event: { name: "usage" },
  };
  const record = decide(aDecideInput({ policy, facts }));

  assert.deepEqual(record.given.facts, { traits: { plan: "smart" }, forecast: { data: { median: 12 } } });
  assert.equal(record.event, "usage");
  assert.ok(!JSON.stringify(record).includes("ann@example.org"));
});
