import pg from "pg";

import { GatheringSocket } from "./gathering-socket.ts";

/** What a statement is run on: a pool, or one transaction. */
export type Sql = {
  query<Row extends object>(text: string, values?: unknown[]): Promise<{ rows: Row[]; rowCount: number | null }>;
};

export type Database = Sql & {
  /**
   * Runs `work` in one transaction: all of it is kept, or none. With `lazily`, the commit is not waited for to reach the
   * disk: a crash of PostgreSQL may lose it, together with all that follows from it.
   */
  transaction<T>(work: (tx: Sql) => Promise<T>, durability?: "lazily"): Promise<T>;
  close(): Promise<void>;
};

// bigint counts and positions stay far below 2^53.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

/**
 * Every statement of a transaction has a key to go by. A plan made while a queue was empty must not read all of it later:
 * most of a queue's pages hold rows that are done.
 */
const BEGIN = "begin; set local enable_seqscan = off";

/**
 * Opens a pool. A connection that a stalled process leaves inside a transaction is ended by the server after five
 * seconds, so that a stalled owner cannot hold what another must take over.
 */
export function openDatabase(url: string, options: { poolSize: number; name: string }): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.poolSize,
    application_name: options.name,
    connectionTimeoutMillis: 5_000,
    idle_in_transaction_session_timeout: 5_000,
    // Statements that do not wait for each other's answers go out together, and are answered in the order they were sent.
    pipeline: true,
    stream: () => new GatheringSocket(),
  });
  // An idle connection that breaks is replaced by the pool; the statement that meets a broken one throws where it stands.
  pool.on("error", () => undefined);
  // And one that breaks inside a transaction, between two statements, must not end the process.
  pool.on("connect", (client) => client.on("error", () => undefined));

  const query = (text: string, values: unknown[] = []) =>
    pool.query(values.length > 0 ? { name: nameOf(text), text, values } : { text });

  return {
    query: query as Sql["query"],
    async transaction(work, durability) {
      const client = await pool.connect();
      let broken: Error | undefined;
      try {
        const begun = client.query(durability === "lazily" ? `${BEGIN}; set local synchronous_commit = off` : BEGIN);
        const [result] = await Promise.all([work(sqlOn(client)), begun]);
        await client.query("commit");
        return result;
      } catch (error) {
        broken = await client.query("rollback").then(
          () => undefined,
          (fault: Error) => fault,
        );
        throw error;
      } finally {
        client.release(broken);
      }
    },
    close: () => pool.end(),
  };
}

function sqlOn(client: pg.PoolClient): Sql {
  const query = (text: string, values: unknown[] = []) =>
    client.query(values.length > 0 ? { name: nameOf(text), text, values } : { text });
  return { query: query as Sql["query"] };
}

/** Does `work` within a transaction; of what it throws, nothing but the throwing is left. All that it sent must be sent by then. */
export async function tentatively<T>(tx: Sql, work: () => Promise<T>): Promise<T> {
  await tx.query("savepoint tentatively");
  try {
    const result = await work();
    await tx.query("release savepoint tentatively");
    return result;
  } catch (fault) {
    await tx.query("rollback to savepoint tentatively");
    await tx.query("release savepoint tentatively");
    throw fault;
  }
}

/** Statements are whole and few, so each is prepared once a connection: planning would cost more than running. */
const names = new Map<string, string>();
function nameOf(text: string): string {
  let name = names.get(text);
  if (name === undefined) {
    name = `s${names.size}`;
    names.set(text, name);
  }
  return name;
}

/** Faults after which the same work may be tried again: the database is away, restarting, full, or chose us in a deadlock. */
export function isPassing(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code !== "string") return /terminated|timeout|Connection/i.test(String((error as Error)?.message ?? ""));
  return (
    /^(08|40|53|57P|55P03|25P0[23])/.test(code) || ["ECONNREFUSED", "ECONNRESET", "EPIPE", "ENOENT"].includes(code)
  );
}
