import { createHash } from "node:crypto";

import type { ProofRules } from "./believe.ts";
import type { Rates, Use } from "./rate-limits.ts";
import { readUserProof } from "./user-proof.ts";
import type { KnownKey } from "./write-keys.ts";

type By = { rules: ProofRules; now: number };
type Key = Pick<KnownKey, "idSpace"> & { peer?: string };

/** What a server's request uses of the limit of its key. */
export const usesOfServer = ({ idSpace }: Key, events: number, { serverKey }: Rates): Use[] =>
  serverKey === null ? [] : [{ name: `key ${idSpace}`, events, perSecond: serverKey }];

/** What a browser's request uses of the limits of its key, of its peer and of each customer that it names. */
export function usesOfBrowser({ idSpace, peer }: Key, calls: readonly unknown[], rates: Rates, by: By): Use[] {
  const { browserKey, peer: perPeer, customer } = rates;
  const uses: Use[] = [];
  if (browserKey !== null) uses.push({ name: `key ${idSpace}`, events: calls.length, perSecond: browserKey });
  if (perPeer !== null) uses.push({ name: `peer ${peer ?? ""}`, events: calls.length, perSecond: perPeer });
  if (customer !== null)
    for (const [named, events] of countByCustomer(calls, by))
      uses.push({ name: `customer ${idSpace} ${named}`, events, perSecond: customer });
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
