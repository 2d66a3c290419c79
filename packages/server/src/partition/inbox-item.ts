import type { Event } from "@rapport/contract/event";
import type { Origin } from "@rapport/contract/origin";

import { pack, unpack } from "../ingest/index.ts";
import { withOrigin } from "./event-from-before.ts";

/** What a partition's worker is given to do for one customer of that partition. */
export type InboxItem =
  | { kind: "event"; customerId: string; event: Event }
  /** Some of this customer's identifiers are another's now: move the events that belong with them. */
  | { kind: "reassign"; customerId: string }
  /** Rows that were another's: taken over as they are, deciding nothing anew. */
  | {
      kind: "moved";
      customerId: string;
      from: string;
      events: Event[];
      decisions: MovedRow[];
      messages: MovedRow[];
      statuses: MovedRow[];
      timers: { name: string; dueAt: number; causedBy: Origin | null }[];
    };

/** A row as JSON, without its partition and customer. */
export type MovedRow = Record<string, unknown>;

export const PARTITIONS = 64;

/** A customer's home: fixed by the id, so that everyone agrees without asking. */
export const partitionOf = (customerId: string): number => Number.parseInt(customerId.slice(-2), 16) % PARTITIONS;

export type InboxRow = { partition: number; lane: number; items: number; body: Buffer };

/** The lane that is read last, in small portions: of moves, and of what a customer has too much of. */
export const HOUSEKEEPING = 5;
/** Items in one row of it, at most. */
const IN_A_PORTION = 100;

/** Items by partition and lane, one row each, in the order given; of the last lane, rows of a portion each. */
export function toInboxRows(items: { lane: number; item: InboxItem }[]): InboxRow[] {
  const rows = new Map<number, InboxItem[]>();
  const full: [number, InboxItem[]][] = [];
  for (const { lane, item } of items) {
    const key = partitionOf(item.customerId) * 8 + lane;
    const known = rows.get(key);
    if (!known) rows.set(key, [item]);
    else if (known.push(item) === IN_A_PORTION && lane === HOUSEKEEPING) {
      full.push([key, known]);
      rows.delete(key);
    }
  }
  return [...full, ...rows].map(([key, all]) => ({
    partition: Math.floor(key / 8),
    lane: key % 8,
    items: all.length,
    body: pack(Buffer.from(JSON.stringify(all))),
  }));
}

export const fromInboxBody = (body: Buffer): InboxItem[] =>
  (JSON.parse(unpack(body).toString("utf8")) as InboxItem[]).map(withOrigins);

function withOrigins(item: InboxItem): InboxItem {
  if (item.kind === "event") return item.event.origin ? item : { ...item, event: withOrigin(item.event) };
  return item.kind === "moved" ? { ...item, events: item.events.map(withOrigin) } : item;
}
