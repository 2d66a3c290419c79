import type { Pulse } from "@rapport/contract/api";

import { countWaiting } from "../ingest/index.ts";
import { pausesInForce, readGateways, unsentByChannel } from "../message/index.ts";
import { lagByPartition } from "../partition/index.ts";
import type { Clock } from "../platform/clock.ts";
import type { Database } from "../platform/database.ts";
import type { LagWatch } from "./lag-watch.ts";
import { countDeadLetters, estimateCustomers, lastHappenings, talliesSince } from "./store.ts";

const MINUTE = 60_000;

type Parts = { db: Database; clock: Clock; watch: LagWatch };

/** What is going on in the whole installation, at this moment: read from sums kept as things happen, never counted over. */
export async function readPulse({ db, clock, watch }: Parts): Promise<Pulse> {
  const now = clock.now();
  const [tallies, waiting, partitions, unsent, gateways, pauses, deadLetters, customers, happenings] =
    await Promise.all([
      talliesSince(db, new Date(now - 60 * MINUTE)),
      countWaiting(db),
      lagByPartition(db),
      unsentByChannel(db, new Date(now)),
      readGateways(db),
      pausesInForce(db),
      countDeadLetters(db, new Date(now - 60 * MINUTE)),
      estimateCustomers(db),
      lastHappenings(db, 30),
    ]);
  const minutes = byMinute(tallies);
  watch.look(partitions);
  const lags = partitions.map(({ partition, events, owner }) => ({
    partition,
    events,
    waitingMs: watch.waitingMs(partition),
    owner,
  }));
  const oldestUnresolvedMs = waiting.oldest ? Math.max(0, now - waiting.oldest.getTime()) : 0;
  return {
    at: now,
    minutes,
    perSecond: ratesOf(minutes, now),
    lag: {
      unresolved: waiting.events,
      unapplied: partitions.reduce((sum, one) => sum + one.events, 0),
      unsent: unsent.reduce((sum, one) => sum + one.unsent, 0),
      oldestMs: Math.max(oldestUnresolvedMs, ...lags.map((one) => one.waitingMs)),
      oldestUnresolvedMs,
      partitions: lags,
      channels: unsent.map((one) => ({
        channel: one.channel,
        unsent: one.unsent,
        oldestMs: Math.max(0, now - one.oldest.getTime()),
      })),
    },
    gateways,
    paused: pauses.map((pause) => ({ ...pause, since: pause.since.getTime() })),
    deadLetters: deadLetters.open,
    newDeadLetters: deadLetters.fresh,
    customers,
    now: happenings.map(({ event, customerId, customer }) => ({
      at: event.at,
      customerId,
      customer: customer ?? customerId.slice(0, 8),
      kind: event.kind,
      name: event.name,
      channel: event.channel,
      detail: event.properties ?? {},
    })),
  };
}

function byMinute(tallies: { minute: Date; metric: string; value: number }[]): Pulse["minutes"] {
  const minutes = new Map<number, Record<string, number>>();
  for (const { minute, metric, value } of tallies) {
    const at = minute.getTime();
    const sums = minutes.get(at) ?? {};
    sums[metric] = value;
    minutes.set(at, sums);
  }
  return [...minutes].map(([at, sums]) => ({ at, sums }));
}

/** Over the running minute and the one before it. */
function ratesOf(minutes: Pulse["minutes"], now: number): Pulse["perSecond"] {
  const since = Math.floor(now / MINUTE) * MINUTE - MINUTE;
  const seconds = Math.max(1, (now - since) / 1_000);
  const rate = (is: (metric: string) => boolean) => {
    const recent = minutes.filter((minute) => minute.at >= since);
    const sum = recent.reduce(
      (total, { sums }) =>
        total + Object.entries(sums).reduce((one, [metric, value]) => one + (is(metric) ? value : 0), 0),
      0,
    );
    return Math.round((sum / seconds) * 100) / 100;
  };
  return {
    accepted: rate((metric) => metric.startsWith("event.")),
    applied: rate(() => true),
    decided: rate((metric) => metric.startsWith("decision.")),
    handedOff: rate((metric) => metric === "message.sent"),
  };
}
