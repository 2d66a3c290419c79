import type { Pulse } from "@rapport/contract/api";

/** `look`: somebody should see it today. `ill`: customers may already feel it. */
export type Level = "well" | "look" | "ill";

/** What is wrong, as facts; the words are the screen's. */
export type Trouble =
  | { kind: "behind"; level: Level; count: number; ageMs: number }
  | { kind: "unsent"; level: Level; count: number }
  | { kind: "noOwner"; level: Level; count: number }
  | { kind: "gateway" | "trying"; level: Level; name: string; channel: string }
  | { kind: "deadLetters"; level: Level; count: number };

/** Work is done within seconds; a wait of this long has a cause. */
const SLOW_MS = 30_000;
const STUCK_MS = 5 * 60_000;
/** More than a sender takes in one go. */
const MANY_UNSENT = 500;

/** Is all well? From the lag, the breakers and the dead letters alone; the worst trouble first. */
export function healthOf({ lag, gateways, deadLetters }: Pulse): { level: Level; troubles: Trouble[] } {
  const troubles: Trouble[] = [];
  const waiting = lag.unresolved + lag.unapplied;
  const orphans = lag.partitions.filter(({ events, owner }) => events > 0 && owner === null).length;
  if (orphans > 0) troubles.push({ kind: "noOwner", level: "ill", count: orphans });
  if (waiting > 0 && lag.oldestMs > SLOW_MS)
    troubles.push({
      kind: "behind",
      level: lag.oldestMs > STUCK_MS ? "ill" : "look",
      count: waiting,
      ageMs: lag.oldestMs,
    });
  for (const { name, channel, state } of gateways) {
    if (state === "open") troubles.push({ kind: "gateway", level: "ill", name, channel });
    if (state === "half-open") troubles.push({ kind: "trying", level: "look", name, channel });
  }
  if (lag.unsent > MANY_UNSENT) troubles.push({ kind: "unsent", level: "look", count: lag.unsent });
  if (deadLetters > 0) troubles.push({ kind: "deadLetters", level: "look", count: deadLetters });
  troubles.sort((a, b) => RANK[b.level] - RANK[a.level]);
  return { level: troubles[0]?.level ?? "well", troubles };
}

const RANK: Record<Level, number> = { well: 0, look: 1, ill: 2 };
