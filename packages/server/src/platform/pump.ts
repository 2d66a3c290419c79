import { setTimeout } from "node:timers/promises";

import { isPassing } from "./database.ts";

export type Pump = {
  /** Something may be waiting: look now rather than at the next round. */
  wake(): void;
  /** Resolves when a whole look, begun after this call, has found nothing. */
  idle(): Promise<void>;
  close(): Promise<void>;
};

/**
 * Runs `work` again and again as long as it finds something to do, then waits for a wake-up or `pollMs`. A database that
 * is away is waited for; any other fault is reported and tried again after a second, so that no loop ever ends by itself.
 */
export function openPump(
  work: () => Promise<boolean>,
  options: {
    pollMs: number;
    /** Rounds begin at least so far apart: what comes meanwhile is done together, at a fraction of the cost. */
    gatherMs?: number;
    onFault: (fault: unknown) => void;
  },
): Pump {
  let closed = false;
  let woken = false;
  let rouse: () => void = () => undefined;
  let whenIdle: { since: number; resolve: () => void }[] = [];
  let looks = 0;

  async function run(): Promise<void> {
    while (!closed) {
      woken = false;
      const look = ++looks;
      const began = performance.now();
      const pause = await once(look);
      const rest = began + (options.gatherMs ?? 0) - performance.now();
      // Nobody who waits for the end of all work waits for more of it.
      if (pause === 0 && rest > 0 && whenIdle.length === 0) await setTimeout(rest);
      if (closed || woken || pause === 0) continue;
      await sleep(pause);
    }
  }

  /** How long to wait before the next look. */
  async function once(look: number): Promise<number> {
    try {
      if (await work()) return 0;
      const done = whenIdle.filter((one) => one.since < look);
      whenIdle = whenIdle.filter((one) => one.since >= look);
      for (const one of done) one.resolve();
      return whenIdle.length > 0 ? 0 : options.pollMs;
    } catch (fault) {
      if (!isPassing(fault)) options.onFault(fault);
      return isPassing(fault) ? 200 : 1_000;
    }
  }

  const sleep = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = globalThis.setTimeout(resolve, ms);
      rouse = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  const running = run();
  return {
    wake() {
      woken = true;
      rouse();
    },
    idle() {
      return new Promise((resolve) => {
        whenIdle.push({ since: looks, resolve });
        woken = true;
        rouse();
      });
    },
    async close() {
      closed = true;
      rouse();
      for (const one of whenIdle.splice(0)) one.resolve();
      await running;
    },
  };
}
