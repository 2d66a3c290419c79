import type { Sql } from "../platform/database.ts";
import { addDoorUse, type DoorUse, forgetDoorUse } from "./store.ts";

/** Events a second; null for no limit. A name may use ten seconds' worth at once. */
export type Rates = {
  browserKey: number | null;
  serverKey: number | null;
  /** One address that browsers call from. */
  peer: number | null;
  /** One customer, as a browser names it. */
  customer: number | null;
};

export const DEFAULT_RATES: Rates = { browserKey: 2_000, serverKey: null, peer: 200, customer: 50 };
export const NO_RATES: Rates = { browserKey: null, serverKey: null, peer: null, customer: null };

/** The rates of a process that has this share of its time for browsers: their keys' together, so that no visitor's is cut. */
export const atShare = (rates: Rates, share: number): Rates =>
  rates.browserKey === null || share === 1 ? rates : { ...rates, browserKey: rates.browserKey * share };

/** What a request would use: a limited name, how many events, and how many a second it may have. */
export type Use = { name: string; events: number; perSecond: number };

export type RateLimits = {
  /** Null when all the uses fit, or after how many seconds to come again. Counts nothing. */
  waitFor(uses: Use[]): number | null;
  /** Counts the uses, all or none. Answers as `waitFor`. */
  spend(uses: Use[]): number | null;
  close(): Promise<void>;
};

const WINDOW_SECONDS = 10;
/** Nobody is told to wait longer, though a debt may be larger: a client may have given up by then. */
const LONGEST_WAIT_SECONDS = 300;
/** Processes tell each other what was used this often: so much more than the limit may pass meanwhile. */
const SHARE_MS = 500;
const MOST_NAMES = 50_000;
/** A name that uses less of its limit than this is nobody else's business. */
const WORTH_SHARING = 0.05;

type Counted = { own: Map<number, number>; unshared: Map<number, number>; others: number; perSecond: number };

/**
 * Counts events by name over the last ten seconds, in every process at once: each tells the others twice a second what passed
 * through it. Without the database it goes on by its own counts.
 */
export function openRateLimits(db: Sql, clock: { now(): number }, onFault: (fault: unknown) => void): RateLimits {
  const counts = new Map<string, Counted>();
  let sharing: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    sharing = sharing.then(share).catch(onFault);
  }, SHARE_MS);
  timer.unref();

  const secondNow = (): number => Math.floor(clock.now() / 1_000);

  function usedBy(counted: Counted, second: number): number {
    for (const past of counted.own.keys()) if (past <= second - WINDOW_SECONDS) counted.own.delete(past);
    let used = counted.others;
    for (const events of counted.own.values()) used += events;
    return used;
  }

  function countedOf({ name, perSecond }: Use): Counted {
    const known = counts.get(name);
    if (known) return known;
    if (counts.size >= MOST_NAMES) forgetIdle();
    const fresh = { own: new Map(), unshared: new Map(), others: 0, perSecond };
    counts.set(name, fresh);
    return fresh;
  }

  /** Those that used least go first; whoever is near the limit stays counted. */
  function forgetIdle(): void {
    const second = secondNow();
    const byUse = [...counts].map(([name, counted]) => [name, usedBy(counted, second)] as const);
    byUse.sort((a, b) => a[1] - b[1]);
    for (const [name] of byUse.slice(0, MOST_NAMES / 2)) counts.delete(name);
  }

  async function share(): Promise<void> {
    const second = secondNow();
    const mine: DoorUse[] = [];
    const asked: string[] = [];
    for (const [name, counted] of counts) {
      const used = usedBy(counted, second);
      if (used === 0 && counted.others === 0) counts.delete(name);
      if (used < counted.perSecond * WINDOW_SECONDS * WORTH_SHARING) continue;
      asked.push(name);
      for (const [at, events] of counted.unshared) mine.push({ name, second: at, events });
      counted.unshared.clear();
    }
    if (asked.length === 0) return;
    await forgetDoorUse(db, second - 2 * WINDOW_SECONDS);
    for (const { name, events } of await addDoorUse(db, mine, asked, second - WINDOW_SECONDS)) {
      const counted = counts.get(name);
      if (counted) counted.others = Math.max(0, events - shared(counted, second));
    }
  }

  function shared({ own, unshared }: Counted, second: number): number {
    let sum = 0;
    for (const [at, events] of own) if (at > second - WINDOW_SECONDS) sum += events - (unshared.get(at) ?? 0);
    return sum;
  }

  function waitFor(uses: Use[]): number | null {
    const second = secondNow();
    for (const use of uses) {
      const most = use.perSecond * WINDOW_SECONDS;
      const used = usedBy(countedOf(use), second);
      const over = used + use.events - most;
      // A single request that is larger than the whole budget waits for an empty one, and then passes.
      if (over > 0 && (use.events <= most || used > 0))
        return Math.min(LONGEST_WAIT_SECONDS, Math.max(1, Math.ceil(Math.min(over, used) / use.perSecond)));
    }
    return null;
  }

  /** What is more than a whole budget counts in the windows that follow, until it has been waited for. */
  function count(use: Use, second: number): void {
    const counted = countedOf(use);
    const most = use.perSecond * WINDOW_SECONDS;
    for (let rest = use.events, at = second; rest > 0; rest -= most, at += WINDOW_SECONDS) {
      const events = Math.min(rest, most);
      for (const by of [counted.own, counted.unshared]) by.set(at, (by.get(at) ?? 0) + events);
    }
  }

  return {
    waitFor,
    spend(uses) {
      const wait = waitFor(uses);
      if (wait === null) for (const use of uses) count(use, secondNow());
      return wait;
    },
    async close() {
      clearInterval(timer);
      await sharing;
    },
  };
}
