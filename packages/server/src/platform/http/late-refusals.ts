import { setTimeout as rest } from "node:timers/promises";

import type { LoadShare } from "../load-share.ts";

/** Longest wait of a refusal, of a process that has no time at all. */
const MOST_MS = 1_000;
/** So many may wait; each holds a socket and its request. */
const MOST_WAITING = 1_000;

/**
 * While a process is busy, whoever is refused hears of it late, up to a second: who tries again as soon as he is answered
 * takes less of the time that others need, as mail servers and sign-in shells have long done. Without load no refusal waits.
 */
export function openLateRefusals(loadShare: Pick<LoadShare, "now">): { wait(): Promise<void> } {
  let waiting = 0;
  return {
    async wait() {
      const ms = (1 - loadShare.now()) * MOST_MS;
      if (ms < 1 || waiting >= MOST_WAITING) return;
      waiting += 1;
      // Not held open for it: a process that closes hangs up on whom it refuses.
      await rest(ms, undefined, { ref: false });
      waiting -= 1;
    },
  };
}
