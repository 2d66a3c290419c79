import assert from "node:assert/strict";
import { test } from "node:test";

import { aDecideInput, anAction, aPolicy, aProfile, NOON } from "./a-decision.ts";
import { decide } from "./decide.ts";
import { why } from "./why.ts";

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

test("what must be sent waits for no better hour, and nothing waits for an hour that is hardly better", () => {
  const hours = (best: number) => ({ email: Array.from({ length: 24 }, (_, hour) => (hour === 19 ? best : 0.3)) });
  const must = aPolicy({ actions: [anAction({ class: "must-send", templates: { email: "bill" } })] });
  const may = aPolicy({ actions: [anAction({ templates: { email: "offer" } })] });
  const waits = (policy: typeof must, best: number) => {
    const { outcome } = decide(aDecideInput({ policy, reach: hours(best) }));
    return outcome.kind === "act" ? (outcome.at - NOON) / 3_600_000 : null;
  };

  assert.deepEqual([waits(must, 0.9), waits(may, 0.9), waits(may, 0.31)], [0, 7, 0]);
});

test("of two better hours the nearer is taken when worth fades faster than the chance grows", () => {
  const email = Array.from({ length: 24 }, (_, hour) => (hour === 13 ? 0.6 : hour === 20 ? 0.7 : 0.3));
  const waits = (valueHalfLife?: string) => {
    const action = anAction({ templates: { email: "offer" }, ...(valueHalfLife ? { valueHalfLife } : {}) });
    const { outcome } = decide(aDecideInput({ policy: aPolicy({ actions: [action] }), reach: { email } }));
    return outcome.kind === "act" ? (outcome.at - NOON) / 3_600_000 : null;
  };

  assert.deepEqual([waits(), waits("12h"), waits("1h")], [8, 1, 0]);
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

test("nobody is sold to while a complaint is open, and what must be sent is sent", () => {
  const contact = {
    hush: ["service" as const],
    consent: { service: { default: "opt-out" as const, source: "", since: "" } },
  };
  const bill = anAction({ name: "bill", class: "must-send" });
  const silent = decide(aDecideInput({ policy: aPolicy({ contact, actions: [anAction()] }), openComplaint: true }));
  const told = decide(aDecideInput({ policy: aPolicy({ contact, actions: [anAction(), bill] }), openComplaint: true }));

  assert.deepEqual(silent.candidates[0]?.removedBy, {
    filter: "interest",
    reason: { code: "open-complaint", params: { purpose: "service" } },
  });
  assert.equal(silent.outcome.kind === "nothing" && silent.outcome.reason.code, "open-complaint");
  assert.equal(told.outcome.kind === "act" && told.outcome.action, "bill");
});

test("marketing keeps silent while a complaint is open when the policy does not say otherwise", () => {
  const consent = { marketing: { default: "opt-out" as const, source: "", since: "" } };
  const actions = [anAction({ purpose: "marketing" })];
  const outcomeWith = (contact: object) =>
    decide(aDecideInput({ policy: aPolicy({ contact: { consent, ...contact }, actions }), openComplaint: true }))
      .outcome.kind;

  assert.deepEqual([outcomeWith({}), outcomeWith({ hush: [] })], ["nothing", "act"]);
});

test("the channel that has reached the customer is taken before one that is cheaper", () => {
  const reach = { email: 0.2, sms: 0.9 };
  const evidence = { sms: { expected: 0.7, contacts: 8, reached: 7 } };
  const record = decide(aDecideInput({ reach, evidence }));

  assert.equal(record.outcome.kind === "act" && record.outcome.channel, "sms");
  assert.match(
    why(record).sentence,
    /7 of 8 contacts by sms are known to have reached the customer, where 0.70 was expected/,
  );
});

test("what the others of the household were sent bars a contact beyond its budget, with the time it comes free", () => {
  const contact = {
    consent: { service: { default: "opt-out" as const, source: "contract", since: "2026-01-01" } },
    household: { limit: 1, window: "2d" },
    horizon: "1h",
  };
  const household = [
    { messageId: "m1", channel: "sms", purpose: "service", at: NOON - 86_400_000, state: "committed" } as const,
  ];
  const { outcome } = decide(aDecideInput({ policy: aPolicy({ contact }), household }));

  const until = NOON + 86_400_000;
  assert.deepEqual(outcome, { kind: "nothing", reason: { code: "household-cap", params: { limit: 1, until } } });
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
