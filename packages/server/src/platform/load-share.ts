import { performance } from "node:perf_hooks";

/**
 * Above this share of its time at work, a process has none left for those that it believes least: the nearer to all of it,
 * the longer everybody's requests wait for their turn.
 */
const BUSY = 0.65;
const LEAST = 0.05;
const EVERY_MS = 250;

/** The share of its usual rates at which a busy process hears those that it believes least, 0.05 to 1. */
export type LoadShare = { now(): number; close(): void };

/**
 * The next share: half while busy, a hundredth of the whole more while not. Additive increase and multiplicative decrease
 * come to rest near what fits, whoever else shares it (Chiu and Jain, Computer Networks 17, 1989).
 */
export const nextShare = (share: number, utilization: number): number =>
  utilization > BUSY ? Math.max(LEAST, share * 0.5) : Math.min(1, share + 0.01);

/** Follows how busy the event loop is, four times a second. */
export function openLoadShare(): LoadShare {
  let share = 1;
  let last = performance.eventLoopUtilization();
  const timer = setInterval(() => {
    const since = performance.eventLoopUtilization();
    share = nextShare(share, performance.eventLoopUtilization(since, last).utilization);
    last = since;
  }, EVERY_MS);
  timer.unref();
  return { now: () => share, close: () => clearInterval(timer) };
}
