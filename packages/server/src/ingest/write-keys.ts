import type { Clock } from "../platform/clock.ts";

/** Whom a write key speaks for: its name, how far it is believed, and whose message ids it says. */
export type KnownKey = { source: string; origin: "server" | "browser"; idSpace: string };

/** The write keys in force, by the key as it was sent. */
export type WriteKeys = { find(writeKey: string): Promise<KnownKey | null> };

/** A revoked key stops within this time in every process. */
const KEPT_MS = 5_000;
const MOST_KEPT = 10_000;

/** Remembers keys for a few seconds: at thousands of requests a second, none should ask the database. */
export function rememberWriteKeys(find: WriteKeys["find"], clock: Clock): WriteKeys {
  const known = new Map<string, { key: KnownKey | null; until: number }>();
  return {
    async find(writeKey) {
      const kept = known.get(writeKey);
      if (kept && kept.until > clock.now()) return kept.key;
      const key = await find(writeKey);
      if (known.size >= MOST_KEPT) known.clear();
      known.set(writeKey, { key, until: clock.now() + KEPT_MS });
      return key;
    },
  };
}
