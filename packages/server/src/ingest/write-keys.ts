import type { Clock } from "../platform/clock.ts";

/** What a write key opens: a source's name, by the key as it was sent. */
export type WriteKeys = { sourceOf(writeKey: string): Promise<string | null> };

/** A revoked key stops within this time in every process. */
const KEPT_MS = 5_000;
const MOST_KEPT = 10_000;

/** Remembers keys for a few seconds: at thousands of requests a second, none should ask the database. */
export function rememberWriteKeys(find: (writeKey: string) => Promise<string | null>, clock: Clock): WriteKeys {
  const known = new Map<string, { source: string | null; until: number }>();
  return {
    async sourceOf(writeKey) {
      const kept = known.get(writeKey);
      if (kept && kept.until > clock.now()) return kept.source;
      const source = await find(writeKey);
      if (known.size >= MOST_KEPT) known.clear();
      known.set(writeKey, { source, until: clock.now() + KEPT_MS });
      return source;
    },
  };
}
