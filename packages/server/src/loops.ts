import { type IdentityPolicy, defaultIdentityPolicy } from "@rapport/engine/identity/index";
import type { Model } from "@rapport/engine/loop/index";

import { openResolver } from "./identity/index.ts";
import { countWaiting, type ProofRules } from "./ingest/index.ts";
import { openPartitionWorker, PARTITIONS, partitionsWaiting } from "./partition/index.ts";
import type { Clock } from "./platform/clock.ts";
import type { Database } from "./platform/database.ts";
import { openLeaseKeeper } from "./platform/lease/lease-keeper.ts";
import { openPump, type Pump } from "./platform/pump.ts";

type Parts = {
  db: Database;
  clock: Clock;
  owner: string;
  /** What ids made from guessable things are keyed with. */
  secret: string;
  proofRules: () => Promise<ProofRules>;
  model: () => Model;
  policy?: IdentityPolicy;
  onFault: (where: string, fault: unknown) => void;
  /** Messages were planned: the senders have work. */
  onMessages: () => void;
};

export type Loops = {
  /** Batches were accepted. */
  wakeResolver(): void;
  /** Everything accepted before this call has been resolved and applied, by this process or another. */
  idle(): Promise<void>;
  close(): Promise<void>;
};

/** Partitions applied at once: while one transaction waits for the database, the next is being computed. */
const AT_ONCE = 4;
/** Partitions applied in one transaction, at most: all of them, shared among those at once. */
const TOGETHER = PARTITIONS / AT_ONCE;
const POLL_MS = 150;
const GATHER_MS = 8;

/** The second and third stage as they run: one resolver in the whole installation, and a share of the partitions here. */
export function openLoops({
  db,
  clock,
  owner,
  secret,
  proofRules,
  model,
  policy = defaultIdentityPolicy,
  onFault,
  onMessages,
}: Parts): Loops {
  let resolverPump: Pump | null = null;
  const resolverLease = openLeaseKeeper(db, owner, ["resolver/0"], () => resolverPump?.wake());
  const partitionNames = Array.from({ length: PARTITIONS }, (_, partition) => `partition/${partition}`);
  const partitionLeases = openLeaseKeeper(db, owner, partitionNames, () => wakeWorkers());

  const hot = new Set<number>();
  const busy = new Set<number>();
  let lastLook = 0;
  let waitingForIdle = 0;

  const resolver = openResolver({
    db,
    clock,
    secret,
    policy,
    proofRules,
    browserEvents: () => model().browserEvents,
    lease: () => resolverLease.held().get("resolver/0") ?? null,
  });
  const worker = openPartitionWorker({
    db,
    clock,
    model,
    leaseOf: (partition) => partitionLeases.held().get(`partition/${partition}`),
  });

  resolverPump = openPump(
    async () => {
      const partitions = await resolver.resolveOnce();
      if (partitions === null) return false;
      for (const partition of partitions) if (partitionLeases.held().has(`partition/${partition}`)) hot.add(partition);
      wakeWorkers();
      return true;
    },
    { pollMs: POLL_MS, gatherMs: GATHER_MS, onFault: (fault) => onFault("resolver", fault) },
  );

  const workers = Array.from({ length: AT_ONCE }, () =>
    openPump(applyNext, { pollMs: POLL_MS, gatherMs: GATHER_MS, onFault: (fault) => onFault("worker", fault) }),
  );

  async function applyNext(): Promise<boolean> {
    const taken = take();
    if (taken.length === 0 && (await look())) taken.push(...take());
    if (taken.length === 0) return false;
    for (const partition of taken) busy.add(partition);
    try {
      const round = await worker.applyOnce(taken);
      for (const partition of [...round.unfinished, ...round.touched])
        if (partitionLeases.held().has(`partition/${partition}`)) hot.add(partition);
      if (round.messages > 0) onMessages();
      return true;
    } finally {
      for (const partition of taken) busy.delete(partition);
    }
  }

  /** The next partitions that have news and that no other worker here is applying. */
  function take(): number[] {
    const free = [...hot].filter((partition) => !busy.has(partition)).slice(0, TOGETHER);
    for (const partition of free) hot.delete(partition);
    return free;
  }

  /** Looks for what came without a wake-up: from other processes, timers, and what a former owner left. */
  async function look(): Promise<boolean> {
    const started = performance.now();
    if (started - lastLook < POLL_MS / 2 && waitingForIdle === 0) return false;
    lastLook = started;
    const held = [...partitionLeases.held().keys()].map((name) => Number(name.slice("partition/".length)));
    for (const partition of await partitionsWaiting(db, held, new Date(clock.now()))) hot.add(partition);
    return hot.size > 0;
  }

  /** Asks the queues themselves: a lease may not be here yet, and a move may just have been sent to another partition. */
  async function somethingWaits(): Promise<boolean> {
    const every = Array.from({ length: PARTITIONS }, (_, partition) => partition);
    const waits =
      (await countWaiting(db)).batches > 0 || (await partitionsWaiting(db, every, new Date(clock.now()))).length > 0;
    if (waits) await new Promise((resolve) => setTimeout(resolve, 10));
    return waits;
  }

  function wakeWorkers(): void {
    for (const pump of workers) pump.wake();
  }

  return {
    wakeResolver: () => resolverPump.wake(),
    async idle() {
      waitingForIdle += 1;
      do {
        await resolverPump.idle();
        do await Promise.all(workers.map((pump) => pump.idle()));
        while (hot.size > 0 || busy.size > 0);
      } while (await somethingWaits());
      waitingForIdle -= 1;
    },
    async close() {
      await resolverPump.close();
      await Promise.all(workers.map((pump) => pump.close()));
      await Promise.all([resolverLease.close(), partitionLeases.close()]);
    },
  };
}
