import assert from "node:assert/strict";
import { test } from "node:test";

import { NEVER } from "../contact/index.ts";
import { aDecideInput, anAction, aPolicy } from "./a-decision.ts";
import { decide } from "./decide.ts";
import { REASON_CODES, tellReason } from "./tell-reason.ts";

test("a moment is told in UTC, a number with two decimals, and never as further notice", () => {
  const params = { cap: "weekly", limit: 3, until: Date.UTC(2026, 10, 19, 8) };
  assert.equal(tellReason({ code: "cap", params }), 'the limit "weekly" of 3 is spent until 2026-11-19T08:00Z');
  assert.match(tellReason({ code: "cap", params: { ...params, until: NEVER } }), /until further notice$/);
  assert.match(tellReason({ code: "not-worth-it", params: { score: -0.125 } }), /-0\.13$|-0\.12$/);
  assert.equal(tellReason({ code: "something new", params: {} }), "something new");
});

test("every reason that a decision gives has words", () => {
  const rules = { consent: { service: { default: "opt-out" as const, source: "", since: "" } } };
  const inputs = [
    aDecideInput(),
    aDecideInput({ addresses: {} }),
    aDecideInput({ openComplaint: true, policy: aPolicy({ contact: { ...rules, hush: ["service"] } }) }),
    aDecideInput({ policy: aPolicy({ contact: {} }) }),
    aDecideInput({ policy: aPolicy({ contact: { ...rules, caps: [{ name: "none", limit: 0, window: "1d" }] } }) }),
    aDecideInput({ policy: aPolicy({ actions: [anAction({ eligible: "false" })] }) }),
    aDecideInput({ policy: aPolicy({ actions: [anAction({ forEach: "options" })] }) }),
    aDecideInput({ policy: aPolicy({ actions: [anAction({ success: "traits.nobody" })] }) }),
    aDecideInput({ policy: aPolicy({ actions: [anAction({ valueToCustomer: -1 })] }) }),
    aDecideInput({ policy: aPolicy({ actions: [anAction({ success: 0 })] }) }),
    aDecideInput({ policy: aPolicy({ actions: [anAction({ name: "a" }), anAction({ name: "b" })] }) }),
  ];
  const codes = new Set(
    inputs.flatMap((input) => decide(input).candidates.flatMap((one) => one.removedBy?.reason.code ?? [])),
  );
  assert.equal(codes.size, 10);
  for (const code of codes) assert.ok(REASON_CODES.includes(code), code);
});
