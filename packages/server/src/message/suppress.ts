import type { Event } from "@rapport/contract/event";

import { type Frame, insertIngestBatch, packFrames } from "../ingest/index.ts";
import type { Database, Sql } from "../platform/database.ts";
import { addressForms, addressHash, lockOf } from "./address-hash.ts";
import { closeAddress, deleteOptOuts, insertSuppression } from "./suppression/store.ts";

export type Suppression = {
  channel: "email" | "sms";
  address: string;
  scope: "all" | "marketing";
  cause: "opt-out" | "bounce" | "complaint";
  reason: string;
};

/**
 * Keeps opt-outs so that they hold from the moment this resolves: the suppressions and the events that tell of them are
 * committed together, after every hand-off to those addresses that had already begun (the senders hold the address
 * shared). Only then may they be acknowledged.
 */
export async function suppress(
  db: Database,
  secret: string,
  given: Suppression[],
  { at, events }: { at: number; events: Event[] },
): Promise<void> {
  const rows = given.flatMap((one) =>
    addressForms(one.channel, one.address).map((form) => ({ ...one, hash: addressHash(secret, one.channel, form) })),
  );
  // Everybody takes the locks in one order, so that nobody waits for whoever waits for him.
  rows.sort((a, b) => lockOf(a.hash) - lockOf(b.hash));
  await db.transaction(async (tx) => {
    for (const row of rows) {
      await closeAddress(tx, lockOf(row.hash));
      await insertSuppression(tx, { ...row, at: new Date(at) });
    }
    await keepEvents(tx, events);
  });
}

/** The customer's own START, or a member of staff for him: the address may be written to again. */
export async function unsuppress(
  db: Database,
  secret: string,
  { channel, address }: { channel: string; address: string },
  events: Event[],
): Promise<void> {
  await db.transaction(async (tx) => {
    for (const form of addressForms(channel, address))
      await deleteOptOuts(tx, channel, addressHash(secret, channel, form));
    await keepEvents(tx, events);
  });
}

/** Does something when every hand-off to this address that has begun is on record, and what it tells is kept. */
export function afterHandOffs<T>(
  db: Database,
  secret: string,
  { channel, from }: { channel: string; from: string },
  work: (tx: Sql) => Promise<T>,
): Promise<T> {
  const locks = addressForms(channel, from).map((form) => lockOf(addressHash(secret, channel, form)));
  return db.transaction(async (tx) => {
    for (const lock of locks.sort((a, b) => a - b)) await closeAddress(tx, lock);
    return work(tx);
  });
}

/** Events of the hub's own making go the way of all others: accepted, resolved, applied. */
export async function keepEvents(tx: Sql, events: Event[]): Promise<void> {
  if (events.length === 0) return;
  await insertIngestBatch(tx, new Date(events[0]?.receivedAt ?? 0), events.length, packFrames([hubFrame(events)]));
}

const CONVERSATION = 2;

function hubFrame(events: Event[]): Frame {
  const { receivedAt = 0, source = "hub" } = events[0] ?? {};
  return {
    format: "event",
    call: null,
    source,
    origin: "hub",
    idSpace: null,
    frameId: "",
    receivedAt,
    lane: CONVERSATION,
    body: Buffer.from(JSON.stringify(events)),
  };
}
