import { claimIngestBatches, deleteIngestBatches, insertDeadLetters, type ProofRules } from "../ingest/index.ts";
import type { Database, Sql } from "../platform/database.ts";
import { holdsLease, type Lease } from "../platform/lease/store.ts";
import { asideRow, asideRows, fromAsideBody } from "./aside/aside-rows.ts";
import { claimAside, deleteAside, insertAside, keepAside } from "./aside/store.ts";
import { readBatches } from "./read-batches.ts";
import { mayBeOfAnEvent, openPortions, type PortionParts, type Way } from "./resolve-portions.ts";

/** Events resolved in one transaction, at most (a batch that is larger goes alone). */
const MOST_EVENTS = 4_000;
/** After a portion of what is aside, what has just come has so many times as long: a fifth of the time is the most. */
const QUEUE_SHARE = 4;

type Parts = PortionParts & { db: Database; proofRules: () => Promise<ProofRules>; lease: () => Lease | null };
type Round = (tx: Sql, way: Way) => Promise<Set<number> | null>;

export type Resolver = {
  /** Resolves one batch. Answers the partitions that have news, or null when nothing waited or the lease is another's. */
  resolveOnce(): Promise<Set<number> | null>;
};

/**
 * The second stage: what was kept is read, deduplicated and given to its customers' partitions, in one transaction with
 * its removal from the first. One resolver at a time (lease `resolver`), so identity has one writer. Events whose customer
 * costs too much work at once are kept aside in that transaction, and resolved in small portions behind all others.
 */
export function openResolver({ db, proofRules, lease, ...parts }: Parts): Resolver {
  const { clock } = parts;
  const portions = openPortions(parts);
  let token = 0;
  let mayBeAside = true;
  /** Milliseconds that the queue has before what is aside has its next turn. */
  let owed = 0;

  async function resolveQueue(tx: Sql, held: Lease, rules: ProofRules, way: Way): ReturnType<Round> {
    const [isHeld, batches] = await Promise.all([holdsLease(tx, held), claimIngestBatches(tx, MOST_EVENTS)]);
    if (!isHeld || batches.length === 0) return null;

    const { read, letters } = await readBatches(batches, rules);
    const positions = batches.map((batch) => batch.position);
    const [deleted, resolved] = await Promise.all([deleteIngestBatches(tx, positions), way(tx, read)]);
    if (deleted !== batches.length) throw new Error("another resolver took these batches");
    letters.push(...resolved.letters);
    if (letters.length > 0) await insertDeadLetters(tx, new Date(clock.now()), letters);
    if (resolved.aside.length > 0) await insertAside(tx, asideRows(resolved.aside));
    mayBeAside ||= resolved.aside.length > 0;
    return new Set(resolved.partitions);
  }

  async function resolveAside(tx: Sql, held: Lease, way: Way): ReturnType<Round> {
    const [isHeld, row] = await Promise.all([holdsLease(tx, held), claimAside(tx)]);
    if (!isHeld) return null;
    if (!row) {
      mayBeAside = false;
      portions.nothingAside();
      return null;
    }
    const { partitions, letters, aside } = await way(tx, fromAsideBody(row.body));
    const taken =
      aside.length > 0 ? await keepAside(tx, row.position, asideRow(aside)) : await deleteAside(tx, row.position);
    if (taken !== 1) throw new Error("another resolver took what was aside");
    // Their ids count as seen already: tried again, they would vanish.
    const kept = letters.map((letter) => ({ ...letter, frame: null }));
    if (kept.length > 0) await insertDeadLetters(tx, new Date(clock.now()), kept);
    return new Set(partitions);
  }

  /** All together, and apart when that fails for a reason of an event's own. */
  async function inOneOrApart(of: "queue" | "aside", round: Round): ReturnType<Round> {
    try {
      portions.begin(of);
      // May be lost with a crash of PostgreSQL, with all that follows from it: the batch is then simply resolved again.
      return await db.transaction((tx) => round(tx, portions[of].together), "lazily");
    } catch (fault) {
      portions.forget();
      if (!mayBeOfAnEvent(fault)) throw fault;
    }
    try {
      portions.begin(of);
      return await db.transaction((tx) => round(tx, portions[of].apart), "lazily");
    } catch (fault) {
      portions.forget();
      throw fault;
    }
  }

  return {
    async resolveOnce() {
      const held = lease();
      if (!held) return null;
      if (held.token !== token) {
        portions.forget();
        mayBeAside = true;
      }
      token = held.token;
      const rules = await proofRules();
      const began = performance.now();
      const ofQueue = await inOneOrApart("queue", (tx, way) => resolveQueue(tx, held, rules, way));
      owed -= performance.now() - began;
      if (!mayBeAside || (ofQueue !== null && owed > 0)) return ofQueue;

      const turn = performance.now();
      const ofAside = await inOneOrApart("aside", (tx, way) => resolveAside(tx, held, way));
      owed = QUEUE_SHARE * (performance.now() - turn);
      return ofQueue === null ? ofAside : ofQueue.union(ofAside ?? new Set());
    },
  };
}
