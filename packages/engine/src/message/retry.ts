import type { Lane } from "./lane.ts";

/** How patient a lane is: the first wait, the longest wait, and how many hand-offs are tried in all. */
export type Patience = { firstWaitMs: number; longestWaitMs: number; maxAttempts: number };

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** An alarm is tried until nobody wants it any more, a campaign is not worth a storm of retries; the rest lies between. */
const PATIENCE: Record<Lane, Patience> = {
  emergency: { firstWaitMs: 500, longestWaitMs: 15 * SECOND, maxAttempts: Number.POSITIVE_INFINITY },
  transactional: { firstWaitMs: 2 * SECOND, longestWaitMs: 10 * MINUTE, maxAttempts: 20 },
  conversation: { firstWaitMs: SECOND, longestWaitMs: 2 * MINUTE, maxAttempts: 15 },
  journey: { firstWaitMs: 5 * SECOND, longestWaitMs: 30 * MINUTE, maxAttempts: 12 },
  campaign: { firstWaitMs: 10 * SECOND, longestWaitMs: HOUR, maxAttempts: 8 },
  housekeeping: { firstWaitMs: 30 * SECOND, longestWaitMs: 6 * HOUR, maxAttempts: 8 },
};

export type FailedAttempt = {
  lane: Lane;
  /** Hand-offs tried so far, this one included: 1 after the first. */
  attempt: number;
  nowMs: number;
  /** What the provider asked for, or null. It is a lower bound, even above the lane's longest wait. */
  retryAfterMs: number | null;
  /** A dice throw in [0, 1), given by the caller. */
  jitter01: number;
};

/**
 * When to try again, epoch milliseconds, or null when the lane's attempts are used up. Full jitter: a throw between
 * nothing and the exponential wait (M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015), laid on
 * top of what the provider asked for, so that a thousand refused messages do not come back in the same instant.
 */
export function nextRetryAt({ lane, attempt, nowMs, retryAfterMs, jitter01 }: FailedAttempt): number | null {
  const patience = PATIENCE[lane];
  if (attempt >= patience.maxAttempts) return null;

  const ceilingMs = Math.min(patience.longestWaitMs, patience.firstWaitMs * 2 ** (attempt - 1));
  return nowMs + Math.max(0, retryAfterMs ?? 0) + Math.round(ceilingMs * jitter01);
}
