import type { PolicyFile, PolicyFileAction } from "@rapport/contract/policy-file";

import { emptyProfile, type Profile } from "../profile/profile.ts";
import { compilePolicy } from "./compile-policy.ts";
import type { DecideInput } from "./decide.ts";
import type { Policy } from "./policy.ts";

/** Makers of what a decision needs, for tests and benches: each shows only what matters there. */
export const NOON = Date.UTC(2026, 10, 18, 12);

export function anAction(more: Partial<PolicyFileAction> = {}): PolicyFileAction {
  return {
    name: "offer",
    title: "An offer",
    purpose: "service",
    class: "optional",
    success: 0.5,
    valueToCompany: 2,
    valueToCustomer: 2,
    templates: { email: "offer-email", sms: "offer-sms" },
    ...more,
  };
}

export function aPolicyFile(more: Partial<PolicyFile> = {}): PolicyFile {
  return {
    name: "overage",
    version: "1",
    on: ["usage"],
    currency: "USD",
    channels: { email: { cost: 0.01 }, sms: { cost: 0.05 } },
    contact: { consent: { service: { default: "opt-out", source: "contract", since: "2026-01-01" } } },
    actions: [anAction()],
    ...more,
  };
}

export function aPolicy(more: Partial<PolicyFile> = {}): Policy {
  const compiled = compilePolicy(aPolicyFile(more));
  if (compiled.kind === "faults") throw new Error(JSON.stringify(compiled.faults));
  return compiled.policy;
}

export function aProfile(more: Partial<Profile> = {}): Profile {
  return { ...emptyProfile("c1"), lastSeenAt: NOON, events: 1, ...more };
}

export function aDecideInput(more: Partial<DecideInput> = {}): DecideInput {
  return {
    policy: aPolicy(),
    facts: {},
    profile: aProfile(),
    addresses: { email: "ann@example.org", sms: "+12025550123" },
    zone: "UTC",
    now: NOON,
    ...more,
  };
}
