import { join } from "node:path";
import pg from "pg";
import { runner } from "node-pg-migrate";

const MIGRATIONS = join(import.meta.dirname, "../../../../migrations");

/** Brings the schema up to this version of the hub, under an advisory lock. Refuses a database that is newer. */
export async function migrate(url: string, log: (line: string) => void): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
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
