import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import pg from "pg";
import { runner } from "node-pg-migrate";

import { isPassing } from "./database.ts";

const MIGRATIONS = join(import.meta.dirname, "../../../../migrations");
/** A machine that starts may start the hub before its database has recovered. */
const WAIT_SECONDS = 60;

/**
 * Brings the schema up to this version of the hub, under an advisory lock. Refuses a database that is newer; waits for
 * one that is not there yet.
 */
export async function migrate(url: string, log: (line: string) => void): Promise<void> {
  const client = await connectWhenThere(url, log);
  try {
    await runner({
      dbClient: client,
      dir: MIGRATIONS,
      direction: "up",
      migrationsTable: "migration",
      checkOrder: true,
      advisoryLockMode: "wait",
      log: () => undefined,
      logger: { debug: () => undefined, info: () => undefined, warn: log, error: log },
    });
  } finally {
    await client.end();
  }
}

async function connectWhenThere(url: string, log: (line: string) => void): Promise<pg.Client> {
  for (let left = WAIT_SECONDS; ; left--) {
    const client = new pg.Client({ connectionString: url });
    try {
      await client.connect();
      return client;
    } catch (fault) {
      await client.end().catch(() => undefined);
      if (!isPassing(fault) || left === 0) throw fault;
      if (left === WAIT_SECONDS) log(`waiting for the database: ${(fault as Error).message}`);
      await setTimeout(1_000);
    }
  }
}
