import { createHash } from "node:crypto";

import type { ProofRules } from "./believe.ts";
import type { Rates, Use } from "./rate-limits.ts";
import { readUserProof } from "./user-proof.ts";
import type { KnownKey } from "./write-keys.ts";

type By = { rates: Rates; rules: ProofRules; now: number };

/** What a request uses of the limits of its key and, of a browser, of its peer and of each customer that it names. */
export function usesOf(key: KnownKey & { peer?: string }, calls: readonly unknown[], by: By): Use[] {
  const { rates } = by;
  const uses: Use[] = [];
  const add = (name: string, events: number, perSecond: number | null) => {
    if (perSecond !== null) uses.push({ name, events, perSecond });
  };
  const isBrowser = key.origin === "browser";
  add(`key ${key.idSpace}`, calls.length, isBrowser ? rates.browserKey : rates.serverKey);
  if (!isBrowser) return uses;
  add(`peer ${key.peer ?? ""}`, calls.length, rates.peer);
  if (rates.customer !== null)
    for (const [named, events] of countByCustomer(calls, by))
      add(`customer ${key.idSpace} ${named}`, events, rates.customer);
  return uses;
}

/** Calls by whom they are about, hashed: names may be chosen freely, and of every length. */
function countByCustomer(calls: readonly unknown[], by: By): Map<string, number> {
  const counts = new Map<string, number>();
  for (const call of calls) {
    const said = customerIn(Object(call) as Said, by);
    if (said === null) continue;
    const named = createHash("sha256").update(said).digest("base64url").slice(0, 16);
    counts.set(named, (counts.get(named) ?? 0) + 1);
  }
  return counts;
}

type Fields = Record<string, unknown>;
type Said = { anonymousId?: unknown; userId?: unknown; subject?: unknown } & Partial<
  Record<"data" | "context" | "traits" | "properties", Fields>
>;

/**
 * The proven user; else the visitor. A user who is only claimed is counted among those who give no anonymous id, so that
 * nobody uses up a customer's limit by naming the customer.
 */
function customerIn({ anonymousId, userId, subject, data, ...call }: Said, { rules, now }: By): string | null {
  const user = idOf(userId) ?? idOf(subject) ?? idOf(data?.userId);
  const parts = [call.context, call.traits, call.properties, data];
  if (user !== null && readUserProof(parts, user, rules.secrets, now).kind === "proven") return `user ${user}`;
  const visitor = idOf(anonymousId) ?? idOf(data?.anonymousId);
  return visitor !== null ? `visitor ${visitor}` : user !== null ? `claimed ${user}` : null;
}

/** As identity would keep it: blanks around and broken letters make no other id. */
const idOf = (value: unknown): string | null =>
  typeof value === "string" || typeof value === "number" ? String(value).trim().toWellFormed() : null;
