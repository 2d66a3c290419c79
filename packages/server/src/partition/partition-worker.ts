import type { Model } from "@rapport/engine/loop/index";

import { insertDeadLetters } from "../ingest/index.ts";
import type { Clock } from "../platform/clock.ts";
import type { Database, Sql } from "../platform/database.ts";
import { type Lease, leasesHeld } from "../platform/lease/store.ts";
import { applyApart, isOfAnItem, letterOfPoison } from "./apply-apart.ts";
import { applyOnTimelines, type EventItem } from "./apply-on-timelines.ts";
import { fromInboxBody, type InboxItem, type InboxRow, partitionOf } from "./inbox-item.ts";
import { moveIn, moveOut } from "./move-events.ts";
import {
  deleteInbox,
  deleteTimers,
  dueTimers,
  type DueTimer,
  type InboxBatch,
  insertInbox,
  readInbox,
} from "./queue/store.ts";

/** Events applied in one transaction, about. */
const MOST_ITEMS = 500;
const ONE_BATCH = 1;

type Parts = { db: Database; clock: Clock; model: () => Model; leaseOf: (partition: number) => Lease | undefined };

/** What a round came to. */
export type Round = {
  items: number;
  messages: number;
  /** Partitions that were sent something. */
  touched: number[];
  /** Partitions of which more waits. */
  unfinished: number[];
};
type Done = Pick<Round, "messages" | "touched">;

export type PartitionWorker = { applyOnce(partitions: number[]): Promise<Round> };

const NOTHING: Round = { items: 0, messages: 0, touched: [], unfinished: [] };

/**
 * The third stage: applies what waits for some partitions that this process owns. Reads a few hundred events and due
 * timers, loads their customers in one query, folds and decides in memory, and writes everything in one transaction
 * (docs/decisions/0013). The queue rows are deleted in it, so every event is applied exactly once whoever else believes
 * to own the partition.
 */
export function openPartitionWorker({ db, clock, model, leaseOf }: Parts): PartitionWorker {
  async function applyIn(tx: Sql, leases: Map<number, Lease>, mostItems: number): Promise<Round> {
    const now = clock.now();
    const partitions = [...leases.keys()];
    const [held, waiting, timers] = await Promise.all([
      leasesHeld(tx, [...leases.values()]),
      readInbox(tx, partitions, mostItems),
      dueTimers(tx, partitions, new Date(now), mostItems),
    ]);
    const isOurs = (partition: number) => held.has(leases.get(partition)?.name ?? "");
    const batches = waiting.batches.filter((batch) => isOurs(batch.partition));
    const due = timers.filter((timer) => isOurs(partitionOf(timer.customerId)));
    if (batches.length === 0 && due.length === 0) return NOTHING;

    const items = itemsOf(batches, due, now);
    const [done] = await Promise.all([applyAll(tx, items, now), claim(tx, batches, due)]);
    const isFull = due.length === mostItems;
    return { items: items.length, ...done, unfinished: isFull ? partitions : waiting.unfinished };
  }

  /** Takes what is applied out of its queues. Fewer than were read: somebody else has applied them, and all this must end. */
  async function claim(tx: Sql, batches: InboxBatch[], timers: DueTimer[]): Promise<void> {
    const [fired, deleted] = await Promise.all([
      timers.length > 0 ? deleteTimers(tx, timers) : 0,
      batches.length > 0 ? deleteInbox(tx, batches) : 0,
    ]);
    if (fired !== timers.length) throw new Error("another worker fired these timers");
    if (deleted !== batches.length) throw new Error("another worker applied these events");
  }

  async function applyAll(tx: Sql, items: InboxItem[], now: number): Promise<Done> {
    const done: Done = { messages: 0, touched: [] };
    for (const run of runsOf(items)) {
      const { messages, touched } = await applyRun(tx, run, now);
      done.messages += messages;
      done.touched.push(...touched);
    }
    return done;
  }

  async function applyRun(tx: Sql, run: InboxItem[], now: number): Promise<Done> {
    const [first] = run;
    switch (first?.kind) {
      case "event":
        return { messages: await applyOnTimelines(tx, run as EventItem[], model(), now), touched: [] };
      case "reassign":
        return insertMoves(
          tx,
          await moveOut(tx, partitionOf(first.customerId), first.customerId, model(), new Date(now)),
        );
      case "moved":
        return insertMoves(tx, await moveIn(tx, partitionOf(first.customerId), first, model(), new Date(now)));
      default:
        return { messages: 0, touched: [] };
    }
  }

  /**
   * What fails for a reason of its own is tried alone, one batch and one timer, and then item by item: what cannot be applied is
   * set aside with the reason, and the partition goes on.
   */
  async function setAside(partition: number, lease: Lease): Promise<Round> {
    const alone = await attempt(new Map([[partition, lease]]), ONE_BATCH);
    if (alone.kind !== "failed") return { ...alone.round, unfinished: [partition] };
    return db.transaction(async (tx) => {
      if ((await leasesHeld(tx, [lease])).size === 0) return NOTHING;
      const now = clock.now();
      const { batches } = await readInbox(tx, [partition], ONE_BATCH);
      const due = await dueTimers(tx, [partition], new Date(now), ONE_BATCH);
      const items = itemsOf(batches, due, now);
      if (items.length === 0) return NOTHING;
      await claim(tx, batches, due);
      const round: Round = { items: 0, messages: 0, touched: [], unfinished: [partition] };
      const poison = await applyApart(tx, items, async (portion) => {
        const { messages, touched } = await applyAll(tx, portion, now);
        round.items += portion.length;
        round.messages += messages;
        round.touched.push(...touched);
      });
      if (poison.length > 0) await insertDeadLetters(tx, new Date(now), [letterOfPoison(partition, poison)]);
      return round;
    });
  }

  async function attempt(
    leases: Map<number, Lease>,
    mostItems: number,
  ): Promise<{ kind: "done"; round: Round } | { kind: "failed" }> {
    try {
      // May be lost with a crash of PostgreSQL together with the queue's deletion: it is then applied again. Whatever leaves
      // the house is committed synchronously by the sender first, which makes all before it durable too.
      return { kind: "done", round: await db.transaction((tx) => applyIn(tx, leases, mostItems), "lazily") };
    } catch (fault) {
      if (!isOfAnItem(fault)) throw fault;
      return { kind: "failed" };
    }
  }

  async function applyOwned(leases: Map<number, Lease>): Promise<Round> {
    const tried = await attempt(leases, MOST_ITEMS);
    if (tried.kind === "done") return tried.round;
    const [only, ...others] = leases;
    if (only && others.length === 0) return setAside(...only);
    const rounds: Round[] = [];
    for (const one of leases) rounds.push(await applyOwned(new Map([one])));
    return rounds.reduce(together, NOTHING);
  }

  return {
    async applyOnce(partitions) {
      const leases = new Map<number, Lease>();
      for (const partition of partitions) {
        const lease = leaseOf(partition);
        if (lease) leases.set(partition, lease);
      }
      return leases.size > 0 ? applyOwned(leases) : NOTHING;
    },
  };
}

const together = (one: Round, other: Round): Round => ({
  items: one.items + other.items,
  messages: one.messages + other.messages,
  touched: [...one.touched, ...other.touched],
  unfinished: [...one.unfinished, ...other.unfinished],
});

const itemsOf = (batches: InboxBatch[], due: DueTimer[], now: number): InboxItem[] => [
  ...batches.flatMap((batch) => fromInboxBody(batch.body)),
  ...due.map((one) => timerItem(one, now)),
];

/** Ordinary events run together, across partitions; a move stands alone, in its place. */
function runsOf(items: InboxItem[]): InboxItem[][] {
  const runs: InboxItem[][] = [];
  for (const item of items) {
    const last = runs.at(-1);
    if (item.kind === "event" && last?.[0]?.kind === "event") last.push(item);
    else runs.push([item]);
  }
  return runs;
}

function timerItem(timer: DueTimer, now: number): InboxItem {
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
      origin: "hub",
      ...(timer.causedBy === null ? {} : { causedBy: timer.causedBy }),
      source: "hub",
      channel: "hub",
    },
  };
}

async function insertMoves(tx: Sql, rows: InboxRow[]): Promise<Done> {
  if (rows.length > 0) await insertInbox(tx, rows);
  return { messages: 0, touched: rows.map((row) => row.partition) };
}
