import type { Clock } from "../../platform/clock.ts";
import type { Database } from "../../platform/database.ts";
import { openPump } from "../../platform/pump.ts";
import type { Claimed } from "../store.ts";
import { addPolicyHours, insertPause, mostBefore, pausedPolicies, releaseHeld, sentSince } from "./store.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** So much more than ever is asked about. */
const TIMES = 10;
const EVERY_MS = 1_000;
const RELEASED_AT_ONCE = 2_000;

type Parts = {
  db: Database;
  clock: Clock;
  /** Below this many messages in twenty-four hours, nothing is asked about. */
  floorOf: (policy: string) => number;
  /** Messages that were held may go. */
  wakeSenders: () => void;
  onFault: (where: string, fault: unknown) => void;
};

export type SurgeWatch = {
  /** Counts messages that were handed off, in memory. */
  count(sent: readonly Claimed[]): void;
  /** Whether this message's policy is paused, as of the last look. */
  holds(message: Claimed): boolean;
  /** Everything counted before this call is known to all processes, and what it calls for is done. */
  idle(): Promise<void>;
  close(): Promise<void>;
};

/**
 * Pauses a policy that within twenty-four hours wrote more than ten times as much as it ever did within twenty-four hours
 * before those. Every process counts what it hands off, and writes it down once a second, outside of the hand-off: that
 * stays open while the gateway works, and a shared row locked there would let one sender at a time go on. So what leaves
 * within a second or two is not held, and a process that dies takes the counts of its last second along.
 */
export function openSurgeWatch({ db, clock, floorOf, wakeSenders, onFault }: Parts): SurgeWatch {
  let counts = new Map<string, Map<number, number>>();
  let paused: ReadonlySet<string> = new Set();
  const pump = openPump(look, { pollMs: EVERY_MS, onFault: (fault) => onFault("surge watch", fault) });

  async function look(): Promise<boolean> {
    const counted = counts;
    counts = new Map();
    const hours = [...counted].flatMap(([policy, byHour]) =>
      [...byHour].map(([hour, messages]) => ({ policy, hour: new Date(hour), messages })),
    );
    if (hours.length > 0) {
      try {
        await addPolicyHours(db, hours);
      } catch (fault) {
        for (const { policy, hour, messages } of hours) add(policy, hour.getTime(), messages);
        throw fault;
      }
      await pauseSurging([...counted.keys()]);
    }
    paused = new Set(await pausedPolicies(db));
    const released = await releaseHeld(db, new Date(clock.now()), RELEASED_AT_ONCE);
    if (released > 0) wakeSenders();
    return released > 0;
  }

  async function pauseSurging(policies: string[]): Promise<void> {
    const now = clock.now();
    // The present hour and the twenty-three before it.
    const began = new Date(hourOf(now) - DAY_MS);
    for (const { policy, sent } of await sentSince(db, policies, began)) {
      if (sent < floorOf(policy)) continue;
      const most = await mostBefore(db, policy, began);
      if (sent > TIMES * most) await insertPause(db, { policy, since: new Date(now), sent, most });
    }
  }

  function add(policy: string, hour: number, messages: number): void {
    const byHour = counts.get(policy) ?? new Map<number, number>();
    byHour.set(hour, (byHour.get(hour) ?? 0) + messages);
    counts.set(policy, byHour);
  }

  return {
    count(sent) {
      const hour = hourOf(clock.now());
      for (const message of sent) {
        const policy = watchedPolicy(message);
        if (policy !== null) add(policy, hour, 1);
      }
    },
    holds: (message) => paused.has(watchedPolicy(message) ?? ""),
    idle: () => pump.idle(),
    async close() {
      await pump.close();
      // What was counted last, where the database can still take it.
      await look().catch(() => undefined);
    },
  };
}

const hourOf = (at: number): number => Math.floor(at / HOUR_MS) * HOUR_MS;

/** Whose message it is; null for what is neither counted nor held: what people write, alarms and life safety. */
const watchedPolicy = ({ lane, purpose, body }: Claimed): string | null =>
  lane === 0 || purpose === "life-safety" ? null : body.policy;
