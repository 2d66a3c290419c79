import type { Model } from "@rapport/engine/loop/index";

import type { Sql } from "../platform/database.ts";
import type { Read } from "./read-batches.ts";
import { addPeerUse, peerUseSince } from "./store.ts";

/** What has passed is counted in so many steps of a window. */
const STEPS = 12;

type Use = { peer: string; event: string; limit: number; since: Date; step: Date; reads: Read[] };
const keyOf = (peer: string, event: string): string => JSON.stringify([peer, event]);

/**
 * Marks what is over a pack's cap by peer, of the events that it opens to browsers: it is kept, and calls for nothing. Within
 * any window, whenever it begins, no more of an event passes from a peer than the limit; what has passed counts until the end of
 * the step in which it is a window old, a twelfth of the window longer at most. What did not pass does not count. Counted by when
 * events are resolved, in the transaction that hands them on: the resolver alone does so.
 */
export async function capPeers(tx: Sql, read: Read[], opened: Model["browserEvents"], now: number): Promise<Read[]> {
  const uses = usesOf(read, opened, now);
  if (uses.length === 0) return read;
  const used = new Map((await peerUseSince(tx, uses)).map((one) => [keyOf(one.peer, one.event), one.used]));
  const over = new Set<Read>();
  const passed = uses.map(({ peer, event, step, limit, reads }) => {
    const room = Math.max(0, limit - (used.get(keyOf(peer, event)) ?? 0));
    for (const one of reads.slice(room)) over.add(one);
    return { peer, event, step, count: Math.min(room, reads.length) };
  });
  const spent = passed.filter(({ count }) => count > 0);
  if (spent.length > 0) await addPeerUse(tx, spent);
  return read.map((one) => (over.has(one) ? { ...one, event: { ...one.event, overCap: "peer" } } : one));
}

function usesOf(read: Read[], opened: Model["browserEvents"], now: number): Use[] {
  const uses = new Map<string, Use>();
  for (const one of read) {
    const { name, origin } = one.event;
    const { peer } = one.frame;
    const cap = origin === "browser" ? opened.get(name)?.perPeer : undefined;
    if (!cap || peer === undefined) continue;
    const key = keyOf(peer, name);
    const known = uses.get(key);
    if (known) known.reads.push(one);
    else uses.set(key, { peer, event: name, limit: cap.limit, ...stepsOf(cap.windowMs, now), reads: [one] });
  }
  return [...uses.values()];
}

/** The step that `now` lies in, and the one in which a window ago lies: what passed in it may be within the window yet. */
function stepsOf(windowMs: number, now: number): { step: Date; since: Date } {
  const stepMs = Math.ceil(windowMs / STEPS);
  const begin = (at: number) => new Date(Math.floor(at / stepMs) * stepMs);
  return { step: begin(now), since: begin(now - windowMs) };
}
