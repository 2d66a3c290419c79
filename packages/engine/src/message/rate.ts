/** A token bucket as a plain record: what was in it at `at`. Time alone refills it. */
export type Bucket = { tokens: number; at: number };

/** How fast a bucket fills and how much it holds. A burst below one would never let anything through. */
export type Rate = { perSecond: number; burst: number };

export function fullBucket(rate: Rate, nowMs: number): Bucket {
  return { tokens: rate.burst, at: nowMs };
}

/**
 * Takes up to `wanted` tokens. Answers how many were given, and when the next whole one will be there (now, when some
 * are left). A clock that steps back gives nothing and takes nothing.
 */
export function take(
  { bucket, rate }: { bucket: Bucket; rate: Rate },
  wanted: number,
  nowMs: number,
): { given: number; nextAt: number; bucket: Bucket } {
  const elapsedMs = Math.max(0, nowMs - bucket.at);
  const tokens = Math.min(rate.burst, bucket.tokens + (elapsedMs * rate.perSecond) / 1_000);
  const given = Math.min(wanted, Math.floor(tokens + 1e-9));
  const left = Math.max(0, tokens - given);
  const nextAt = left >= 1 ? nowMs : nowMs + Math.ceil(((1 - left) * 1_000) / rate.perSecond);
  return { given, nextAt, bucket: { tokens: left, at: Math.max(nowMs, bucket.at) } };
}
