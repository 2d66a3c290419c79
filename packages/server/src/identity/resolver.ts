import { claimIngestBatches, deleteIngestBatches, insertDeadLetters, type ProofRules } from "../ingest/index.ts";
import type { Database, Sql } from "../platform/database.ts";
import { holdsLease, type Lease } from "../platform/lease/store.ts";
import { readBatches } from "./read-batches.ts";
import { mayBeOfAnEvent, openPortions, type PortionParts, type Way } from "./resolve-portions.ts";

/** Events resolved in one transaction, at most (a batch that is larger goes alone). */
const MOST_EVENTS = 4_000;

type Parts = PortionParts & { db: Database; proofRules: () => Promise<ProofRules>; lease: () => Lease | null };

export type Resolver = {
  /** Resolves one batch. Answers the partitions that have news, or null when nothing waited or the lease is another's. */
  resolveOnce(): Promise<Set<number> | null>;
};

/**
 * The second stage: what was kept is read, deduplicated and given to its customers' partitions, in one transaction with
 * its removal from the first. One resolver at a time (lease `resolver`), so identity has one writer.
 */
export function openResolver({ db, proofRules, lease, ...parts }: Parts): Resolver {
  const { clock } = parts;
  const { resolveTogether, resolveApart, forget } = openPortions(parts);
  let token = 0;

  async function resolveIn(tx: Sql, held: Lease, rules: ProofRules, way: Way) {
    const [isHeld, batches] = await Promise.all([holdsLease(tx, held), claimIngestBatches(tx, MOST_EVENTS)]);
    if (!isHeld || batches.length === 0) return null;

    const { read, letters } = readBatches(batches, rules);
    const positions = batches.map((batch) => batch.position);
    const [deleted, resolved] = await Promise.all([deleteIngestBatches(tx, positions), way(tx, read)]);
    if (deleted !== batches.length) throw new Error("another resolver took these batches");
    letters.push(...resolved.letters);
    if (letters.length > 0) await insertDeadLetters(tx, new Date(clock.now()), letters);
    return new Set(resolved.partitions);
  }

  return {
    async resolveOnce() {
      const held = lease();
      if (!held) return null;
      if (held.token !== token) forget();
      token = held.token;
      const rules = await proofRules();
      try {
        // May be lost with a crash of PostgreSQL, with all that follows from it: the batch is then simply resolved again.
        return await db.transaction((tx) => resolveIn(tx, held, rules, resolveTogether), "lazily");
      } catch (fault) {
        forget();
        if (!mayBeOfAnEvent(fault)) throw fault;
      }
      try {
        return await db.transaction((tx) => resolveIn(tx, held, rules, resolveApart), "lazily");
      } catch (fault) {
        forget();
        throw fault;
      }
    },
  };
}
