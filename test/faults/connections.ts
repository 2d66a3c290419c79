import { openDatabase } from "../../packages/server/src/platform/database.ts";
import { eventually, type HubSite, openHubSite } from "../harness/hub-site.ts";
import { type Load, openLoad } from "../harness/load.ts";
import { type Check, checkLedgers, type Fault } from "./fault.ts";

const rest = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export const connectionFaults: Record<string, Fault> = {
  F4: {
    title: "PostgreSQL restarted in fast mode under load",
    run: ({ check }) =>
      underLoad(check, "f4", 0.95, async (site) => {
        process.kill(site.postmasterPid(), "SIGINT");
        await rest(1_500);
        await site.restartPostgres();
        await rest(5_000);
      }),
  },
  F4b: {
    title: "every connection to PostgreSQL terminated, five times",
    run: ({ check }) =>
      underLoad(check, "f4b", 0.95, async (site) => {
        for (let turn = 0; turn < 5; turn++) {
          await site.db.query(
            "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'rapport'",
          );
          await rest(300);
        }
        await rest(2_000);
      }),
  },
  F5: {
    title: "all remaining connections held for five seconds",
    run: ({ check }) =>
      underLoad(check, "f5", 0.75, async (site) => {
        const greedy = openDatabase(site.url, { poolSize: 80, name: "greedy" });
        await Promise.allSettled(Array.from({ length: 80 }, () => greedy.query("select pg_sleep(5)")));
        await greedy.close();
      }),
  },
  F5c: {
    title: "four readers at repeatable read keep old snapshots for ten seconds",
    async run({ check }) {
      await underLoad(check, "f5c", 0.75, async (site) => {
        const readers = openDatabase(site.url, { poolSize: 4, name: "readers" });
        const read = () =>
          readers.transaction(async (tx) => {
            await tx.query("set transaction isolation level repeatable read");
            for (let second = 0; second < 10; second++) {
              await tx.query("select count(*) from event");
              await rest(1_000);
            }
          });
        await Promise.all(Array.from({ length: 4 }, read));
        await readers.close();
      });
    },
  },
};

/** The rate before the fault and after it, and the ledgers. `share` of the rate before must be there again. */
async function underLoad(
  check: Check,
  tag: string,
  share: number,
  fault: (site: HubSite) => Promise<void>,
): Promise<void> {
  const site = await openHubSite();
  try {
    const hub = await site.start("api,worker");
    const load = openLoad({ ports: () => [hub.port], tag, pauseMs: 20 });
    await eventually(() => load.acknowledged.size > 500, "load flows");
    const before = await rateOf(load);
    await fault(site);
    const after = await rateOf(load);
    check(`at least ${share * 100} % of the rate before`, after >= share * before, { before, after });
    await checkLedgers(check, site, load, tag);
    check("the process goes on", hub.isRunning(), hub.isRunning() ? undefined : hub.output());
  } finally {
    await site.close();
  }
}

async function rateOf(load: Load): Promise<number> {
  const [count, at] = [load.acknowledged.size, performance.now()];
  await rest(3_000);
  return Math.round(((load.acknowledged.size - count) / (performance.now() - at)) * 1_000);
}
