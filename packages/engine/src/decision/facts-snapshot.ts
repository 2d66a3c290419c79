import type { Facts } from "../condition/index.ts";
import type { Policy } from "./policy.ts";

/** The part of the facts that the policy reads, as a record of the same shape; what is missing stays missing. */
export function snapshotFacts(policy: Policy, facts: Facts): Record<string, unknown> {
  const snapshot: Record<string, unknown> = {};
  for (const path of policy.reads) copyPath(facts, snapshot, path);
  if (policy.readsOptions && Object.hasOwn(facts, "options")) snapshot.options = facts.options;
  return snapshot;
}

function copyPath(facts: Facts, snapshot: Record<string, unknown>, path: readonly string[]): void {
  let from: unknown = facts;
  let to = snapshot;
  for (let depth = 0; depth < path.length; depth++) {
    const name = path[depth] ?? "";
    if (typeof from !== "object" || from === null || !Object.hasOwn(from, name)) return;
    from = (from as Record<string, unknown>)[name];
    if (from === undefined) return;
    if (depth === path.length - 1) {
      // A path may end inside one kept whole, or hold one kept in part: the whole wins.
      to[name] = from;
      return;
    }
    const inner = Object.hasOwn(to, name) ? to[name] : undefined;
    if (inner === from) return;
    const next = typeof inner === "object" && inner !== null ? (inner as Record<string, unknown>) : {};
    to[name] = next;
    to = next;
  }
}
