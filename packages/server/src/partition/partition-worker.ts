import type { Model } from "@rapport/engine/loop/index";
import { emptyProfile } from "@rapport/engine/profile/index";

import { insertDeadLetters } from "../ingest/index.ts";
import type { Clock } from "../platform/clock.ts";
import { type Database, isPassing, type Sql } from "../platform/database.ts";
import { holdsLease, type Lease } from "../platform/lease/store.ts";
import { type Applied, applyEvents } from "./apply-batch.ts";
import { fromInboxBody, type InboxItem, type InboxRow } from "./inbox-item.ts";
import { moveIn, moveOut } from "./move-events.ts";
import {
  addTallies,
  clearTimers,
  deleteInbox,
  deleteTimers,
  dueTimers,
  type DueTimer,
  type InboxBatch,
  insertInbox,
  readInbox,
  setTimers,
} from "./queue/store.ts";
import {
  eventsThere,
  insertDecisions,
  insertEvents,
  insertMessages,
  insertStatuses,
  loadProfiles,
  saveCustomers,
} from "./store.ts";

/** Events applied in one transaction, at most. */
const MOST_ITEMS = 500;

type Parts = { db: Database; clock: Clock; model: () => Model; leaseOf: (partition: number) => Lease | undefined };

/** What one round came to. `fenced`: the lease is another's. */
export type Round =
  | { kind: "idle" }
  | { kind: "fenced" }
  /** `touched`: partitions that were sent something; `mayBeMore`: the batch was full. */
  | ({ kind: "applied"; items: number; mayBeMore: boolean } & Done);

type Done = { messages: number; touched: number[] };

export type PartitionWorker = { applyOnce(partition: number): Promise<Round> };

/**
 * The third stage: applies what waits for one partition. Reads a few hundred events and due timers, loads their customers
 * in one query, folds and decides in memory, and writes everything in one transaction that touches that partition alone.
 * The queue rows are deleted in it, so every event is applied exactly once whoever else believes to own the partition.
 */
export function openPartitionWorker({ db, clock, model, leaseOf }: Parts): PartitionWorker {
  async function applyIn(tx: Sql, partition: number, lease: Lease, only: number | null): Promise<Round> {
    const now = clock.now();
    const [isHeld, waiting, timers] = await Promise.all([
      holdsLease(tx, lease),
      readInbox(tx, partition, MOST_ITEMS),
      dueTimers(tx, partition, new Date(now), MOST_ITEMS),
    ]);
    if (!isHeld) return { kind: "fenced" };
    const batches = waiting.slice(0, only ?? undefined);
    if (batches.length === 0 && timers.length === 0) return { kind: "idle" };

    const items = [
      ...batches.flatMap((batch) => fromInboxBody(batch.body)),
      ...timers.map((timer) => timerItem(timer, now)),
    ];
    const [done] = await Promise.all([applyAll(tx, partition, items, now), claim(tx, partition, batches, timers)]);
    return { kind: "applied", items: items.length, ...done, mayBeMore: isFull(waiting, timers) || only !== null };
  }

  /** Takes what is applied out of its queues. Fewer than were read: somebody else has applied them, and all this must end. */
  async function claim(tx: Sql, partition: number, batches: InboxBatch[], timers: DueTimer[]): Promise<void> {
    const [fired, deleted] = await Promise.all([
      timers.length > 0 ? deleteTimers(tx, partition, timers) : 0,
      batches.length > 0 ? deleteInbox(tx, partition, batches) : 0,
    ]);
    if (fired !== timers.length) throw new Error("another worker fired these timers");
    if (deleted !== batches.length) throw new Error("another worker applied these events");
  }

  async function applyAll(tx: Sql, partition: number, items: InboxItem[], now: number): Promise<Done> {
    const done: Done = { messages: 0, touched: [] };
    for (const run of runsOf(items)) {
      const { messages, touched } = await applyRun(tx, partition, run, now);
      done.messages += messages;
      done.touched.push(...touched);
    }
    return done;
  }

  async function applyRun(tx: Sql, partition: number, run: InboxItem[], now: number): Promise<Done> {
    const [first] = run;
    switch (first?.kind) {
      case "event":
        return {
          messages: await applyOnTimelines(tx, partition, run as Extract<InboxItem, { kind: "event" }>[], now),
          touched: [],
        };
      case "reassign":
        return insertMoves(tx, await moveOut(tx, partition, first.customerId, model(), new Date(now)));
      case "moved":
        return insertMoves(tx, await moveIn(tx, partition, first, model(), new Date(now)));
      default:
        return { messages: 0, touched: [] };
    }
  }

  /**
   * An event that came again after its id had been forgotten may be on its timeline already: then the writing is undone,
   * and all but such events are folded.
   */
  async function applyOnTimelines(
    tx: Sql,
    partition: number,
    items: Extract<InboxItem, { kind: "event" }>[],
    now: number,
  ): Promise<number> {
    const applied = await applyLoaded(tx, partition, items, now);
    const [, inserted, messages] = await Promise.all([
      tx.query("savepoint before_events"),
      insertEvents(tx, partition, applied.events),
      writeApplied(tx, partition, applied, now),
    ]);
    if (inserted === applied.events.length) return messages;
    await tx.query("rollback to savepoint before_events");
    const there = await eventsThere(tx, partition, items);
    const fresh = await applyLoaded(
      tx,
      partition,
      items.filter((item) => !there.has(item.event.id)),
      now,
    );
    await insertEvents(tx, partition, fresh.events);
    return writeApplied(tx, partition, fresh, now);
  }

  async function applyLoaded(
    tx: Sql,
    partition: number,
    items: Extract<InboxItem, { kind: "event" }>[],
    now: number,
  ): Promise<Applied> {
    const ids = [...new Set(items.map((item) => item.customerId))];
    const known = await loadProfiles(tx, partition, ids);
    // Profiles written by an older version may lack what a newer one keeps.
    return applyEvents(
      items,
      known.map((profile) => ({ ...emptyProfile(profile.customerId), ...profile })),
      model(),
      now,
    );
  }

  /** A batch that fails for a reason of its own is tried alone, and then set aside with the reason: the partition goes on. */
  async function setAside(partition: number, lease: Lease, fault: unknown): Promise<Round> {
    const alone = await attempt(partition, lease, 1);
    if (alone.kind !== "failed") return alone.round;
    return db.transaction(async (tx) => {
      if (!(await holdsLease(tx, lease))) return { kind: "fenced" };
      const [batch] = await readInbox(tx, partition, 1);
      if (!batch) return { kind: "idle" };
      const { good, poison } = await separate(tx, partition, batch);
      await insertDeadLetters(
        tx,
        new Date(clock.now()),
        poison.map(({ item, reason }) => ({
          stage: "apply",
          source: `partition ${partition}`,
          reason: `${reason} (${String(fault)})`.slice(0, 500),
          body: Buffer.from(JSON.stringify(item)),
        })),
      );
      await deleteInbox(tx, partition, [batch]);
      return { kind: "applied", items: good, messages: 0, touched: [], mayBeMore: true };
    });
  }

  /** Applies the items of one batch one by one, each under a savepoint. */
  async function separate(
    tx: Sql,
    partition: number,
    batch: InboxBatch,
  ): Promise<{ good: number; poison: { item: InboxItem; reason: string }[] }> {
    const poison: { item: InboxItem; reason: string }[] = [];
    let good = 0;
    for (const item of fromInboxBody(batch.body)) {
      await tx.query("savepoint one_item");
      try {
        await applyRun(tx, partition, [item], clock.now());
        good += 1;
      } catch (fault) {
        await tx.query("rollback to savepoint one_item");
        if (isPassing(fault)) throw fault;
        poison.push({ item, reason: (fault as Error).message });
      }
    }
    return { good, poison };
  }

  async function attempt(
    partition: number,
    lease: Lease,
    only: number | null,
  ): Promise<{ kind: "done"; round: Round } | { kind: "failed"; fault: unknown }> {
    try {
      // May be lost with a crash of PostgreSQL together with the queue's deletion: it is then applied again. Whatever leaves
      // the house is committed synchronously by the sender first, which makes all before it durable too.
      return { kind: "done", round: await db.transaction((tx) => applyIn(tx, partition, lease, only), "lazily") };
    } catch (fault) {
      if (isPassing(fault) || /^another worker/.test((fault as Error).message)) throw fault;
      return { kind: "failed", fault };
    }
  }

  return {
    async applyOnce(partition) {
      const lease = leaseOf(partition);
      if (!lease) return { kind: "fenced" };
      const tried = await attempt(partition, lease, null);
      return tried.kind === "done" ? tried.round : setAside(partition, lease, tried.fault);
    },
  };
}

/** Whether so much was read that there may be more behind it. */
function isFull(batches: InboxBatch[], timers: DueTimer[]): boolean {
  const items = batches.reduce((sum, batch) => sum + batch.items, timers.length);
  return items >= MOST_ITEMS / 2 || batches.length >= MOST_ITEMS / 10;
}

/** Ordinary events run together; a move stands alone, in its place. */
function runsOf(items: InboxItem[]): InboxItem[][] {
  const runs: InboxItem[][] = [];
  for (const item of items) {
    const last = runs.at(-1);
    if (item.kind === "event" && last?.[0]?.kind === "event") last.push(item);
    else runs.push([item]);
  }
  return runs;
}

function timerItem(timer: { customerId: string; name: string; dueAt: Date }, now: number): InboxItem {
  const dueAt = timer.dueAt.getTime();
  return {
    kind: "event",
    customerId: timer.customerId,
    event: {
      id: `timer/${timer.name}/${dueAt}`,
      kind: "track",
      name: timer.name,
      at: dueAt,
      receivedAt: now,
      claims: [{ kind: "customer", value: timer.customerId }],
      source: "hub",
      channel: "hub",
    },
  };
}

async function insertMoves(tx: Sql, rows: InboxRow[]): Promise<Done> {
  if (rows.length > 0) await insertInbox(tx, rows);
  return { messages: 0, touched: rows.map((row) => row.partition) };
}

async function writeApplied(tx: Sql, partition: number, applied: Applied, now: number): Promise<number> {
  const at = new Date(now);
  const set = applied.timers.flatMap(({ dueAt, ...timer }) => (dueAt === null ? [] : [{ ...timer, dueAt }]));
  const cleared = applied.timers.filter(({ dueAt }) => dueAt === null);
  await Promise.all([
    saveCustomers(tx, partition, applied.customers, at),
    applied.decisions.length > 0 && insertDecisions(tx, partition, applied.decisions),
    applied.messages.length > 0 && insertMessages(tx, partition, applied.messages, at),
    applied.statuses.length > 0 && insertStatuses(tx, partition, applied.statuses),
    set.length > 0 && setTimers(tx, partition, set),
    cleared.length > 0 && clearTimers(tx, partition, cleared),
    addTallies(tx, partition, new Date(Math.floor(now / 60_000) * 60_000), applied.tallies),
  ]);
  return applied.messages.length;
}
