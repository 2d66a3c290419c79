import { forgetEnded, forgetTries } from "./access/index.ts";
import { forgetClaims, forgetPeerUse } from "./identity/index.ts";
import { forgetSeen } from "./ingest/index.ts";
import { forgetAddressUse, forgetPolicyHours } from "./message/index.ts";
import type { Clock } from "./platform/clock.ts";
import type { Database } from "./platform/database.ts";
import { openLeaseKeeper } from "./platform/lease/lease-keeper.ts";
import { openPump } from "./platform/pump.ts";
import type { Scenarios } from "./scenario/index.ts";

type Parts = { db: Database; clock: Clock; scenarios: Scenarios; onFault: (where: string, fault: unknown) => void };
type Task = { name: string; everyMs: number; run: () => Promise<void> };

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** How long a message id is remembered: the same one after this is a new event. */
export const SEEN_FOR_MS = 30 * DAY;

/** All recurring work, in one table. One process at a time does it (lease `housekeeping`); the others only reload. */
const tasks = ({ db, clock, scenarios }: Parts): Task[] => [
  { name: "learn what forecasts should expect of everybody", everyMs: DAY, run: scenarios.learn },
  {
    name: "forget message ids older than thirty days",
    everyMs: HOUR,
    run: () => forgetSeen(db, new Date(clock.now() - SEEN_FOR_MS)),
  },
  {
    name: "forget how often peers said what packs open to browsers",
    everyMs: DAY,
    run: () => forgetPeerUse(db, new Date(clock.now() - 33 * DAY)),
  },
  {
    name: "forget messages that no cap by address counts any more",
    everyMs: DAY,
    run: () => forgetAddressUse(db, new Date(clock.now() - 62 * DAY)),
  },
  {
    name: "forget what policies handed off more than a year ago",
    everyMs: DAY,
    run: () => forgetPolicyHours(db, new Date(clock.now() - 366 * DAY)),
  },
  {
    name: "forget what visitors claimed, and did not repeat for ninety days",
    everyMs: DAY,
    run: () => forgetClaims(db, new Date(clock.now() - 90 * DAY)),
  },
  {
    name: "forget sessions and links that have run out, and tries of the day before",
    everyMs: HOUR,
    async run() {
      await forgetEnded(db, new Date(clock.now()));
      await forgetTries(db, new Date(clock.now() - DAY), new Date(clock.now()));
    },
  },
];

export function openRecurring(parts: Parts): { close(): Promise<void> } {
  const keeper = openLeaseKeeper(parts.db, `housekeeping-${process.pid}`, ["housekeeping/0"], () => undefined);
  const due = new Map<string, number>();
  const all = tasks(parts);
  const pump = openPump(
    async () => {
      if (!keeper.held().has("housekeeping/0")) return false;
      for (const task of all) {
        if ((due.get(task.name) ?? 0) > parts.clock.now()) continue;
        due.set(task.name, parts.clock.now() + task.everyMs);
        await task.run();
      }
      return false;
    },
    { pollMs: 5_000, onFault: (fault) => parts.onFault("housekeeping", fault) },
  );
  return {
    async close() {
      await pump.close();
      await keeper.close();
    },
  };
}
