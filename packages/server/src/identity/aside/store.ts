import type { Sql } from "../../platform/database.ts";
import { byteaArray } from "../../platform/sql-array.ts";

export type AsideRow = { receivedAt: Date; events: number; body: Buffer };

/** Keeps events aside, in their order. */
export async function insertAside(tx: Sql, rows: AsideRow[]): Promise<void> {
  await tx.query(
    `insert into ingest_aside (received_at, events, body)
     select received_at, events, body
       from unnest($1::timestamptz[], $2::int[], $3::bytea[]) with ordinality as given (received_at, events, body, place)
      order by place`,
    [rows.map((row) => row.receivedAt), rows.map((row) => row.events), byteaArray(rows.map((row) => row.body))],
  );
}

/** What has been aside the longest, locked. Index: primary key. */
export async function claimAside(tx: Sql): Promise<{ position: number; body: Buffer } | null> {
  const { rows } = await tx.query<{ position: number; body: Buffer }>(
    "select position, body from ingest_aside order by position limit 1 for update",
  );
  return rows[0] ?? null;
}

/** Leaves of a row what is still to be done, in its place. Index: primary key. */
export async function keepAside(tx: Sql, position: number, row: AsideRow): Promise<number> {
  const { rowCount } = await tx.query(
    "update ingest_aside set received_at = $2, events = $3, body = $4 where position = $1",
    [position, row.receivedAt, row.events, row.body],
  );
  return rowCount ?? 0;
}

export async function deleteAside(tx: Sql, position: number): Promise<number> {
  const { rowCount } = await tx.query("delete from ingest_aside where position = $1", [position]);
  return rowCount ?? 0;
}
