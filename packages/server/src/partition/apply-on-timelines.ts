import type { Model } from "@rapport/engine/loop/index";
import { emptyProfile } from "@rapport/engine/profile/index";

import type { Sql } from "../platform/database.ts";
import { type Applied, applyEvents } from "./apply-batch.ts";
import { type InboxItem, partitionOf } from "./inbox-item.ts";
import { addTallies, clearTimers, setTimers } from "./queue/store.ts";
import {
  type CustomerRow,
  eventsThere,
  insertDecisions,
  insertEvents,
  insertMessages,
  insertStatuses,
  loadProfiles,
  saveCustomers,
  updateCustomers,
} from "./store.ts";

export type EventItem = Extract<InboxItem, { kind: "event" }>;
type Prepared = { applied: Applied; places: Map<string, string> };

/**
 * Loads the customers of these events, folds and decides in memory, and writes it all. Answers how many messages were
 * planned. An event that came again after its id had been forgotten may be on its timeline already: then the writing is
 * undone, and all but such events are folded.
 */
export async function applyOnTimelines(tx: Sql, items: EventItem[], model: Model, now: number): Promise<number> {
  const prepared = await prepare(tx, items, model, now);
  const { events } = prepared.applied;
  const [, inserted, messages] = await Promise.all([
    tx.query("savepoint before_events"),
    insertEvents(tx, events),
    write(tx, prepared, now),
  ]);
  if (inserted === events.length) return messages;
  await tx.query("rollback to savepoint before_events");
  const there = await eventsThere(tx, items);
  const fresh = items.filter((item) => !there.has(item.event.id));
  if (fresh.length === 0) return 0;
  const again = await prepare(tx, fresh, model, now);
  await insertEvents(tx, again.applied.events);
  return write(tx, again, now);
}

async function prepare(tx: Sql, items: EventItem[], model: Model, now: number): Promise<Prepared> {
  const known = await loadProfiles(tx, [...new Set(items.map((item) => item.customerId))]);
  // Profiles written by an older version may lack what a newer one keeps.
  const profiles = known.map(({ profile }) => ({ ...emptyProfile(profile.customerId), ...profile }));
  return {
    applied: applyEvents(items, profiles, model, now),
    places: new Map(known.map(({ place, profile }) => [profile.customerId, place])),
  };
}

async function write(tx: Sql, { applied, places }: Prepared, now: number): Promise<number> {
  const at = new Date(now);
  const { decisions, messages, statuses, tallies } = applied;
  const toSet = applied.timers.flatMap(({ customerId, name, set }) => (set ? [{ customerId, name, ...set }] : []));
  const cleared = applied.timers.filter(({ ended }) => ended);
  await Promise.all([
    writeCustomers(tx, applied.customers, places, at),
    decisions.length > 0 && insertDecisions(tx, decisions),
    messages.length > 0 && insertMessages(tx, messages, at),
    statuses.length > 0 && insertStatuses(tx, statuses),
    cleared.length > 0 && clearTimers(tx, cleared),
    toSet.length > 0 && setTimers(tx, toSet),
    addTallies(
      tx,
      partitionOf(applied.customers[0]?.customerId ?? ""),
      new Date(Math.floor(now / 60_000) * 60_000),
      tallies,
    ),
  ]);
  return messages.length;
}

async function writeCustomers(tx: Sql, rows: CustomerRow[], places: Map<string, string>, at: Date): Promise<void> {
  const known: (CustomerRow & { place: string })[] = [];
  const fresh: CustomerRow[] = [];
  for (const row of rows) {
    const place = places.get(row.customerId);
    if (place === undefined) fresh.push(row);
    else known.push({ ...row, place });
  }
  const [updated] = await Promise.all([
    known.length > 0 ? updateCustomers(tx, known, at) : 0,
    fresh.length > 0 && saveCustomers(tx, fresh, at),
  ]);
  if (updated !== known.length) throw new Error("another worker wrote these customers");
}
