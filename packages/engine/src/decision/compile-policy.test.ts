import assert from "node:assert/strict";
import { test } from "node:test";

import type { PolicyFile } from "@rapport/contract/policy-file";

import { anAction, aPolicy, aPolicyFile, NOON } from "./a-decision.ts";
import { compilePolicy } from "./compile-policy.ts";
import { isTriggered } from "./is-triggered.ts";

const wrong: [what: string, file: unknown, at: string, says: RegExp][] = [
  ["no policy at all", null, "", /object/],
  ["a missing field", { name: "x" }, "", /required properties version, on, currency/],
  ["a field nobody knows", { ...aPolicyFile(), colour: "red" }, "", /additional properties: colour/],
  ["a price that is no amount", { ...aPolicyFile(), channels: { email: { cost: -1 } } }, "channels/email/cost", />= 0/],
  ["a condition with an error", aPolicyFile({ when: "traits.age >" }), "when", /Unexpected token/],
  [
    "an action's wrong condition",
    aPolicyFile({ actions: [anAction({ eligible: "age > 1" })] }),
    "actions/0/eligible",
    /no variable "age"/,
  ],
  [
    "a worth that is no number",
    aPolicyFile({ actions: [anAction({ success: '"a"' })] }),
    "actions/0/success",
    /answers a string/,
  ],
  [
    "an item without options",
    aPolicyFile({ actions: [anAction({ valueToCustomer: "item.saving" })] }),
    "actions/0/valueToCustomer",
    /only an action with forEach/,
  ],
  ["no template", aPolicyFile({ actions: [anAction({ templates: {} })] }), "actions/0/templates", /never be sent/],
  [
    "a channel without terms",
    aPolicyFile({ actions: [anAction({ templates: { voice: "x" } })] }),
    "actions/0/templates/voice",
    /do not name voice/,
  ],
  [
    "two actions of one name",
    aPolicyFile({ actions: [anAction(), anAction()] }),
    "actions/1/name",
    /another action "offer"/,
  ],
  [
    "an unknown purpose",
    aPolicyFile({ contact: { consent: { spam: { default: "opt-in", source: "", since: "" } } } }),
    "contact/consent/spam",
    /no such purpose/,
  ],
  [
    "a time of day",
    aPolicyFile({ contact: { quietHours: [{ purposes: [], from: "25:00", to: "08:00" }] } }),
    "contact/quietHours/0/from",
    /pattern/,
  ],
  ["a length of time", { ...aPolicyFile(), again: "soon" } satisfies PolicyFile, "again", /pattern/],
];
for (const [what, file, at, says] of wrong) {
  test(`a policy with ${what} is refused with its field`, () => {
    const compiled = compilePolicy(file);
    assert.ok(compiled.kind === "faults");
    assert.ok(
      compiled.faults.some((fault) => fault.at === at && says.test(fault.message)),
      JSON.stringify(compiled.faults),
    );
  });
}

test("all faults are told at once", () => {
  const compiled = compilePolicy(aPolicyFile({ when: "x", actions: [anAction({ success: "y", eligible: "z" })] }));
  assert.ok(compiled.kind === "faults");
  assert.deepEqual(
    compiled.faults.map(({ at }) => at),
    ["when", "actions/0/eligible", "actions/0/success"],
  );
});

test("a policy is called by its events, when its condition holds and its last decision is long enough ago", () => {
  const policy = aPolicy({ on: ["usage"], when: "event.properties.mb > 10", again: "24h" });
  const facts = { event: { name: "usage", properties: { mb: 11 } } };

  assert.ok(isTriggered(policy, facts, NOON, null));
  assert.ok(isTriggered(policy, facts, NOON, NOON - 86_400_000));
  assert.ok(!isTriggered(policy, facts, NOON, NOON - 86_399_999));
  assert.ok(!isTriggered(policy, { event: { name: "usage", properties: {} } }, NOON, null));
  assert.ok(!isTriggered(policy, { event: { name: "page", properties: { mb: 11 } } }, NOON, null));
});
