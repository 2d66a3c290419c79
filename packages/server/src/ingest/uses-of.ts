import { createHash } from "node:crypto";

import type { Rates, Use } from "./rate-limits.ts";
import type { ReadEvent } from "./read-segment.ts";
import type { KnownKey } from "./write-keys.ts";

type Key = Pick<KnownKey, "idSpace" | "origin"> & { peer?: string };

/** What a request uses of the limits of its key and, from a browser, of its peer. */
export function usesOfKey({ idSpace, origin, peer }: Key, events: number, rates: Rates): Use[] {
  const ofKey = origin === "browser" ? rates.browserKey : rates.serverKey;
  const uses: Use[] = [];
  if (ofKey !== null) uses.push({ name: `key ${idSpace}`, events, perSecond: ofKey });
  if (origin === "browser" && rates.peer !== null)
    uses.push({ name: `peer ${peer ?? ""}`, events, perSecond: rates.peer });
  return uses;
}

/**
 * What a browser's request uses of the limit of each customer whose timeline it goes to, by the same reading that puts it there:
 * of whoever is proven, else of the visitor. Who is only claimed does not count, so that nobody uses up a customer's limit by naming
 * the customer.
 */
export function usesOfCustomers({ idSpace }: Key, read: readonly ReadEvent[], { customer }: Rates): Use[] {
  if (customer === null) return [];
  const counts = new Map<string, number>();
  for (const one of read) {
    if (one.kind === "fault") continue;
    const { claims } = one.event;
    const whose = claims.find(({ kind }) => kind === "user_id") ?? claims[0];
    // As identity keeps it, blanks around make no other id; and hashed, as names may be chosen freely, and of every length.
    const said = JSON.stringify([whose?.kind, whose?.value.trim()]);
    const named = createHash("sha256").update(said).digest("base64url").slice(0, 16);
    counts.set(named, (counts.get(named) ?? 0) + 1);
  }
  return [...counts].map(([named, events]) => ({
    name: `customer ${idSpace} ${named}`,
    events,
    perSecond: customer,
  }));
}
