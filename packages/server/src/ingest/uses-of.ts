import { createHash } from "node:crypto";

import type { Rates, Use } from "./rate-limits.ts";
import type { KnownKey } from "./write-keys.ts";

/** What a request uses of the limits of its key and, of a browser, of its peer and of each customer that it names. */
export function usesOf(rates: Rates, key: KnownKey & { peer?: string }, calls: readonly unknown[]): Use[] {
  const uses: Use[] = [];
  const add = (name: string, events: number, perSecond: number | null) => {
    if (perSecond !== null) uses.push({ name, events, perSecond });
  };
  const isBrowser = key.origin === "browser";
  add(`key ${key.idSpace}`, calls.length, isBrowser ? rates.browserKey : rates.serverKey);
  if (!isBrowser) return uses;
  add(`peer ${key.peer ?? ""}`, calls.length, rates.peer);
  if (rates.customer !== null)
    for (const [named, events] of countByCustomer(calls))
      add(`customer ${key.idSpace} ${named}`, events, rates.customer);
  return uses;
}

/** Calls by whom they name, hashed: names are anybody's to choose, and of any length. */
function countByCustomer(calls: readonly unknown[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const call of calls) {
    const { anonymousId, userId } = Object(call) as { anonymousId?: unknown; userId?: unknown };
    const stated = anonymousId ?? userId;
    if (typeof stated !== "string" && typeof stated !== "number") continue;
    const named = createHash("sha256").update(String(stated).trim()).digest("base64url").slice(0, 16);
    counts.set(named, (counts.get(named) ?? 0) + 1);
  }
  return counts;
}
