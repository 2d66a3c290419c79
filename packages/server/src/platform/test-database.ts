import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";

import { type Database, openDatabase } from "./database.ts";
import { startEmbeddedPostgres } from "./embedded-postgres.ts";
import { migrate } from "./migrate.ts";

export type TestDatabase = { db: Database; url: string; drop(): Promise<void> };

/**
 * An empty database of the newest schema for one test file, cloned from a template. `RAPPORT_TEST_POSTGRES` names a
 * running server (script/test starts one for all files); without it, an embedded one is started for this file alone.
 */
export async function openTestDatabase(poolSize = 8): Promise<TestDatabase> {
  const server = await serverForTests();
  const template = await templateOf(server.url);
  const name = `t_${randomBytes(8).toString("hex")}`;
  await onServer(server.url, (client) => client.query(`create database ${name} template ${template}`));
  const url = withDatabase(server.url, name);
  const db = openDatabase(url, { poolSize, name: "test" });
  return {
    db,
    url,
    async drop() {
      await db.close();
      await onServer(server.url, (client) => client.query(`drop database ${name} with (force)`));
      await server.stop();
    },
  };
}

/** A server whose life ends with the file's when it was started for it. */
async function serverForTests(): Promise<{ url: string; stop(): Promise<void> }> {
  const shared = process.env.RAPPORT_TEST_POSTGRES;
  if (shared) return { url: shared, stop: async () => undefined };
  const folder = mkdtempSync(join(tmpdir(), "rapport-test-"));
  const embedded = await startEmbeddedPostgres(folder, { flags: ["-c fsync=off"] });
  return {
    url: embedded.url,
    async stop() {
      await embedded.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Migrated once a server, whichever test file comes first. */
async function templateOf(url: string): Promise<string> {
  const name = "rapport_template";
  await onServer(url, async (client) => {
    await client.query("select pg_advisory_lock(77)");
    const { rows } = await client.query("select 1 from pg_database where datname = $1", [name]);
    if (rows.length === 0) {
      await client.query(`create database ${name}_new`);
      await migrate(withDatabase(url, `${name}_new`), () => undefined);
      await client.query(`alter database ${name}_new rename to ${name}`);
    }
  });
  return name;
}

async function onServer(url: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}
