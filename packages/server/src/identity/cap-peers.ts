import type { Model } from "@rapport/engine/loop/index";

import type { Sql } from "../platform/database.ts";
import type { Read } from "./read-batches.ts";
import { spendPeerUse } from "./store.ts";

type Use = { peer: string; event: string; windowStart: Date; limit: number; reads: Read[] };
const keyOf = (peer: string, event: string): string => JSON.stringify([peer, event]);

/**
 * Marks what is over a pack's cap by peer, of the events that it opens to browsers: it is kept, and calls for nothing. Counted
 * in windows that begin at the same moment for everybody, in the transaction that hands the events on.
 */
export async function capPeers(tx: Sql, read: Read[], opened: Model["browserEvents"], now: number): Promise<Read[]> {
  const uses = usesOf(read, opened, now);
  if (uses.size === 0) return read;
  const spends = [...uses.values()].map(({ reads, limit: _, ...use }) => ({ ...use, count: reads.length }));
  const over = new Set<Read>();
  for (const { peer, event, used } of await spendPeerUse(tx, spends)) {
    const { reads = [], limit = 0 } = uses.get(keyOf(peer, event)) ?? {};
    for (const one of reads.slice(Math.max(0, limit - (used - reads.length)))) over.add(one);
  }
  return read.map((one) => (over.has(one) ? { ...one, event: { ...one.event, overCap: "peer" } } : one));
}

function usesOf(read: Read[], opened: Model["browserEvents"], now: number): Map<string, Use> {
  const uses = new Map<string, Use>();
  for (const one of read) {
    const { name, origin } = one.event;
    const { peer } = one.frame;
    const cap = origin === "browser" ? opened.get(name)?.perPeer : undefined;
    if (!cap || peer === undefined) continue;
    const key = keyOf(peer, name);
    const known = uses.get(key);
    const windowStart = new Date(Math.floor(now / cap.windowMs) * cap.windowMs);
    if (known) known.reads.push(one);
    else uses.set(key, { peer, event: name, windowStart, limit: cap.limit, reads: [one] });
  }
  return uses;
}
