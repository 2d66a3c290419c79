import type { Pulse } from "@rapport/contract/api";

/** `look`: somebody should see it today. `ill`: customers may already feel it. */
export type Level = "well" | "look" | "ill";

/** What is wrong, as facts; the words are the screen's. */
export type Trouble = { level: Level } & (
  | { kind: "behind"; count: number; ageMs: number }
  | { kind: "slow"; count: number; partitions: number; ageMs: number }
  | { kind: "unsent"; count: number; channel: string; ageMs: number }
  | { kind: "noGateway"; count: number; channel: string }
  | { kind: "noOwner"; count: number }
  | { kind: "gateway" | "trying" | "down" | "failing"; name: string; channel: string }
  | { kind: "paused"; policy: string; sent: number; most: number; count: number }
  | { kind: "growing" | "deadLetters"; count: number }
);

/** Work is done within seconds; a wait of this long has a cause. */
const SLOW_MS = 30_000;
const STUCK_MS = 5 * 60_000;
/** Letters in an hour that are no accident any more. */
const MANY_LETTERS = 100;

/**
 * Is all well? From how long anything has waited at each stage, who works on it, how the gateways are, which policies are
 * paused and what could not be read; the worst trouble first. Nothing is well that this does not look at.
 */
export function healthOf(pulse: Pulse): { level: Level; troubles: Trouble[] } {
  const troubles = [
    ...stageTroubles(pulse),
    ...gatewayTroubles(pulse),
    ...pausedTroubles(pulse),
    ...letterTroubles(pulse),
  ];
  troubles.sort((a, b) => RANK[b.level] - RANK[a.level]);
  return { level: troubles[0]?.level ?? "well", troubles };
}

const RANK: Record<Level, number> = { well: 0, look: 1, ill: 2 };
const levelOf = (ageMs: number): Level => (ageMs > STUCK_MS ? "ill" : "look");

function stageTroubles({ lag }: Pulse): Trouble[] {
  const troubles: Trouble[] = [];
  const orphans = lag.partitions.filter(({ events, owner }) => events > 0 && owner === null).length;
  if (orphans > 0) troubles.push({ kind: "noOwner", level: "ill", count: orphans });

  const ageMs = lag.oldestUnresolvedMs;
  if (lag.unresolved > 0 && ageMs > SLOW_MS)
    troubles.push({ kind: "behind", level: levelOf(ageMs), count: lag.unresolved, ageMs });

  const late = lag.partitions.filter(({ events, waitingMs }) => events > 0 && waitingMs > SLOW_MS);
  if (late.length > 0) {
    const oldest = Math.max(...late.map(({ waitingMs }) => waitingMs));
    const count = late.reduce((sum, { events }) => sum + events, 0);
    troubles.push({ kind: "slow", level: levelOf(oldest), count, partitions: late.length, ageMs: oldest });
  }
  return troubles;
}

function gatewayTroubles({ lag, gateways }: Pulse): Trouble[] {
  const troubles = gateways.flatMap(({ name, channel, state, faults }): Trouble[] => {
    if (state === "down") return [{ kind: "down", level: "ill", name, channel }];
    if (state === "open") return [{ kind: "gateway", level: "ill", name, channel }];
    if (state === "half-open") return [{ kind: "trying", level: "look", name, channel }];
    return faults > 0 ? [{ kind: "failing", level: "look", name, channel }] : [];
  });
  for (const { channel, unsent: count, oldestMs: ageMs } of lag.channels) {
    if (ageMs <= SLOW_MS) continue;
    const hasGateway = gateways.some((gateway) => gateway.channel === channel);
    if (hasGateway) troubles.push({ kind: "unsent", level: levelOf(ageMs), count, channel, ageMs });
    else troubles.push({ kind: "noGateway", level: "ill", count, channel });
  }
  return troubles;
}

const pausedTroubles = ({ paused }: Pulse): Trouble[] =>
  paused.map(({ policy, sent, most, waiting }) => ({
    kind: "paused",
    level: "ill",
    policy,
    sent,
    most,
    count: waiting,
  }));

function letterTroubles({ deadLetters, newDeadLetters }: Pulse): Trouble[] {
  if (newDeadLetters > 0)
    return [{ kind: "growing", level: newDeadLetters >= MANY_LETTERS ? "ill" : "look", count: newDeadLetters }];
  return deadLetters > 0 ? [{ kind: "deadLetters", level: "look", count: deadLetters }] : [];
}
