import type { Facts } from "../condition/index.ts";
import type { Policy } from "./policy.ts";

/**
 * Does this event call for a decision by this policy? The event is one of those it listens to, its `when` holds, and its
 * last decision for the customer (`lastDecidedAt`, null for none) is long enough ago.
 */
export function isTriggered(policy: Policy, facts: Facts, now: number, lastDecidedAt: number | null): boolean {
  const { name } = (facts.event ?? {}) as { name?: unknown };
  if (typeof name !== "string" || !policy.on.includes(name)) return false;
  if (lastDecidedAt !== null && now - lastDecidedAt < policy.againMs) return false;
  return policy.when === null || policy.when.holds("now" in facts ? facts : { ...facts, now });
}
