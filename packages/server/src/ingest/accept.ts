import type { Database } from "../platform/database.ts";
import { isPassing } from "../platform/database.ts";
import { type Frame, packFrames } from "./frame.ts";
import { insertIngestBatch } from "./store.ts";

/** Frames of one group commit; more wait for the next. */
const MOST_BYTES = 2_000_000;
/** Beyond this the door says "later": memory stays bounded whatever the burst. */
const MOST_WAITING_BYTES = 48_000_000;
/** Commits begin at least so far apart, unless one is full: a request that comes alone waits for nobody. */
const GATHER_MS = 4;
/** Commits under way at once: one is being synced to disk while the next is being written. */
const MOST_COMMITS = 2;

export type Refusal = { kind: "busy" | "unavailable"; retryAfterSeconds: number };
export class NotAccepted extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.kind === "busy" ? "too much is waiting to be kept" : "the database is away");
    this.refusal = refusal;
  }
}

export type Acceptor = {
  /** Resolves when the frame is committed to PostgreSQL, and only then. Throws `NotAccepted` when it is not. */
  accept(frame: Frame, events: number): Promise<void>;
  /** Waits for what is under way. */
  close(): Promise<void>;
};

type Waiting = { frame: Frame; events: number; resolve: () => void; reject: (fault: unknown) => void };

/**
 * Keeps what comes in under group commit: while one commit is being synced, the next gathers. One row holds a whole
 * group, so an event costs about a microsecond of PostgreSQL.
 */
export function openAcceptor(db: Database, wakeResolver: () => void): Acceptor {
  let waiting: Waiting[] = [];
  let waitingBytes = 0;
  let commits = 0;
  let lastBegan = Number.NEGATIVE_INFINITY;
  let isGathering = false;
  let whenIdle: (() => void)[] = [];

  function pump(): void {
    while (commits < MOST_COMMITS && waiting.length > 0 && !isGathering) {
      const rest = lastBegan + GATHER_MS - performance.now();
      if (rest > 0 && waitingBytes < MOST_BYTES) {
        gather(rest);
        return;
      }
      lastBegan = performance.now();
      const group = takeGroup();
      commits += 1;
      void commit(group).finally(() => {
        commits -= 1;
        pump();
        if (commits === 0 && waiting.length === 0) for (const wake of whenIdle.splice(0)) wake();
      });
    }
  }

  function gather(ms: number): void {
    isGathering = true;
    setTimeout(() => {
      isGathering = false;
      pump();
    }, ms);
  }

  function takeGroup(): Waiting[] {
    let bytes = 0;
    let count = 0;
    while (count < waiting.length && (count === 0 || bytes < MOST_BYTES))
      bytes += waiting[count++]?.frame.body.length ?? 0;
    const group = waiting.slice(0, count);
    waiting = waiting.slice(count);
    waitingBytes -= bytes;
    return group;
  }

  async function commit(group: Waiting[]): Promise<void> {
    try {
      const events = group.reduce((sum, one) => sum + one.events, 0);
      const receivedAt = group[0]?.frame.receivedAt ?? 0;
      await insertIngestBatch(db, new Date(receivedAt), events, packFrames(group.map((one) => one.frame)));
      for (const one of group) one.resolve();
      wakeResolver();
    } catch (fault) {
      const answer = isPassing(fault) ? new NotAccepted({ kind: "unavailable", retryAfterSeconds: 2 }) : fault;
      for (const one of group) one.reject(answer);
    }
  }

  return {
    accept(frame, events) {
      if (waitingBytes + frame.body.length > MOST_WAITING_BYTES) {
        return Promise.reject(new NotAccepted({ kind: "busy", retryAfterSeconds: 1 }));
      }
      return new Promise((resolve, reject) => {
        waiting.push({ frame, events, resolve, reject });
        waitingBytes += frame.body.length;
        // The turn of the event loop that brought this request may have brought others: they go in one commit.
        if (waiting.length === 1) setImmediate(pump);
      });
    },
    async close() {
      if (commits > 0 || waiting.length > 0) await new Promise<void>((resolve) => whenIdle.push(resolve));
      whenIdle = [];
    },
  };
}
