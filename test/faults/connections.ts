import pg from "pg";

import { type Database, openDatabase } from "../../packages/server/src/platform/database.ts";
import { eventually, type HubSite, openHubSite } from "../harness/hub-site.ts";
import { type Load, type LoadOptions, openLoad } from "../harness/load.ts";
import { type Check, checkLedgers, type Fault, rest } from "./fault.ts";

/** All connections of the server. */
const EXHAUSTED_MS = 30_000;
/** One forgotten session. */
const FORGOTTEN_MS = 300_000;
/** Readers, each of whom looks at what was half a minute ago. */
const READ_MS = 120_000;
const SNAPSHOT_MS = 30_000;
const READERS = 4;
/** At a pace that is kept up for minutes. */
const STEADY = { pauseMs: 150 };

export const connectionFaults: Record<string, Fault> = {
  F4: {
    title: "PostgreSQL restarted in fast mode under load",
    run: ({ check }) =>
      underLoad(check, { tag: "f4", share: 0.95 }, async ({ site }) => {
        process.kill(site.postmasterPid(), "SIGINT");
        await rest(1_500);
        await site.restartPostgres();
        await rest(5_000);
      }),
  },
  F4b: {
    title: "every connection to PostgreSQL terminated, five times",
    run: ({ check }) =>
      underLoad(check, { tag: "f4b", share: 0.95 }, async ({ site }) => {
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
    title: "every remaining connection of PostgreSQL held for thirty seconds",
    run: ({ check }) =>
      underLoad(check, { tag: "f5", share: 0.75 }, async ({ site, keepsPace }) => {
        const held = await holdAll(site.url);
        check("none is left", held.length > 0, `${held.length} held`);
        await rest(EXHAUSTED_MS / 2);
        await keepsPace("while they are held");
        await rest(EXHAUSTED_MS / 2);
        await Promise.all(held.map((client) => client.end()));
      }),
  },
  F5b: {
    title: "a session forgotten inside a transaction for five minutes, with a snapshot and a transaction id",
    run: ({ check }) =>
      underLoad(check, { tag: "f5b", share: 0.75, ...STEADY }, async ({ site, keepsPace }) => {
        const forgotten = new pg.Client({ connectionString: site.url });
        await forgotten.connect();
        await forgotten.query("begin isolation level repeatable read");
        await forgotten.query("select txid_current(), count(*) from event");
        await rest(FORGOTTEN_MS);
        await keepsPace("at the end of five minutes");
        await forgotten.query("commit");
        await forgotten.end();
        await checkBloat(check, site.db);
      }),
  },
  F5c: {
    title: "four readers at repeatable read, whose snapshots overlap for two minutes",
    run: ({ check }) =>
      underLoad(check, { tag: "f5c", share: 0.75, ...STEADY }, async ({ site, keepsPace }) => {
        const readers = openDatabase(site.url, { poolSize: READERS, name: "readers" });
        const until = performance.now() + READ_MS;
        const all = Array.from({ length: READERS }, async (_, number) => {
          await rest((number * SNAPSHOT_MS) / READERS);
          while (performance.now() < until) await readSlowly(readers);
        });
        await rest(READ_MS - 10_000);
        await keepsPace("while they read");
        await Promise.all(all);
        await readers.close();
        await checkBloat(check, site.db);
      }),
  },
};

type Play = { site: HubSite; keepsPace: (when: string) => Promise<void> };

/** The rate before the fault and after it, and the ledgers. `share` of the rate before must be there again. */
async function underLoad(
  check: Check,
  { tag, share, pauseMs = 20 }: { tag: string; share: number } & Pick<LoadOptions, "pauseMs">,
  fault: (play: Play) => Promise<void>,
): Promise<void> {
  const site = await openHubSite();
  try {
    const hub = await site.start("api,worker");
    const load = openLoad({ ports: () => [hub.port], tag, pauseMs });
    await eventually(() => load.acknowledged.size > 500, "load flows");
    const before = await rateOf(load);
    const keepsPace = async (when: string) => {
      // It may take ten seconds to be itself again; and on a machine with other work, a single look may be unlucky.
      const first = await rateOf(load);
      const now = first >= share * before ? first : await rateOf(load);
      check(`at least ${share * 100} % of the rate before, ${when}`, now >= share * before, { before, now });
    };
    await fault({ site, keepsPace });
    await keepsPace("afterwards");
    const waiting = await waitingIn(site.db);
    check("what is accepted is applied as fast", waiting < before * 5, `${waiting} wait`);
    await checkLedgers(check, site, load, tag);
    const { rows } = await site.db.query<{ n: number }>("select sum(deadlocks)::int as n from pg_stat_database");
    check("there was no deadlock", rows[0]?.n === 0, rows[0]?.n);
    check("the process goes on", hub.isRunning(), hub.isRunning() ? undefined : hub.output());
  } finally {
    await site.close();
  }
}

/** Acknowledged events a second. */
async function rateOf(load: Load): Promise<number> {
  const [count, at] = [load.acknowledged.size, performance.now()];
  await rest(5_000);
  return Math.round(((load.acknowledged.size - count) / (performance.now() - at)) * 1_000);
}

/** Connects until the server refuses. */
async function holdAll(url: string): Promise<pg.Client[]> {
  const held: pg.Client[] = [];
  for (;;) {
    const client = new pg.Client({ connectionString: url });
    client.on("error", () => undefined);
    const refusal = await client.connect().then(
      () => null,
      (fault: { code?: string }) => fault,
    );
    if (refusal === null) held.push(client);
    else if (refusal.code === "53300") return held;
    else throw refusal;
  }
}

async function readSlowly(readers: Database): Promise<void> {
  await readers.transaction(async (tx) => {
    await tx.query("set transaction isolation level repeatable read");
    for (const until = performance.now() + SNAPSHOT_MS; performance.now() < until; await rest(1_000))
      await tx.query("select count(*) from customer");
  });
}

/** Accepted events that are not applied yet. */
async function waitingIn(db: Database): Promise<number> {
  const { rows } = await db.query<{ n: number }>(
    "select ((select coalesce(sum(events), 0) from ingest_batch) + (select coalesce(sum(events), 0) from ingest_aside) + (select coalesce(sum(items), 0) from inbox))::int as n",
  );
  return rows[0]?.n ?? 0;
}

/** What the queues' dead rows take is given back once nobody can see them any more, by itself. */
async function checkBloat(check: Check, db: Database): Promise<void> {
  const queues = async () => {
    const { rows } = await db.query<{ mb: number; dead: number }>(
      `select round(sum(pg_total_relation_size(relid)) / 1e6)::int as mb, sum(n_dead_tup)::int as dead
         from pg_stat_user_tables where relname in ('ingest_batch', 'inbox')`,
    );
    return rows[0] ?? { mb: 0, dead: 0 };
  };
  const worst = await queues();
  check("the queues stay below 500 MB", worst.mb < 500, worst);
  let later = worst;
  const isGivenBack = async () => {
    later = await queues();
    return later.dead < worst.dead / 10;
  };
  const inTime = await eventually(isGivenBack, "vacuum", 180_000).then(
    () => true,
    () => false,
  );
  check("vacuum gives the dead rows back by itself", inTime, { worst, later });
}
