import type { Event } from "@rapport/contract/event";

import { type Frame, insertIngestBatch, packFrames } from "../ingest/index.ts";
import type { Database, Sql } from "../platform/database.ts";
import { addressHash, lockOf } from "./address-hash.ts";
import { deleteSuppression, insertSuppression } from "./store.ts";

export type Suppression = { channel: "email" | "sms"; address: string; scope: "all" | "marketing"; reason: string };

/**
 * Keeps an opt-out so that it holds from the moment this resolves: the suppression and the event that tells of it are
 * committed together, after every hand-off to that address that had already begun (the senders hold the address shared).
 * Only then may it be acknowledged.
 */
export async function suppress(db: Database, secret: string, given: Suppression, events: Event[]): Promise<void> {
  const hash = addressHash(secret, given.channel, given.address);
  const at = events[0]?.receivedAt ?? 0;
  await db.transaction(async (tx) => {
    await insertSuppression(tx, { ...given, hash, at: new Date(at), lock: lockOf(hash) });
    await keepEvents(tx, events);
  });
}

/** The customer's own START: the address may be written to again. */
export async function unsuppress(
  db: Database,
  secret: string,
  channel: string,
  address: string,
  events: Event[],
): Promise<void> {
  await db.transaction(async (tx) => {
    await deleteSuppression(tx, channel, addressHash(secret, channel, address));
    await keepEvents(tx, events);
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
