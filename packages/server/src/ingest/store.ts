import type { Sql } from "../platform/database.ts";
import { uuidArray } from "../platform/sql-array.ts";
import type { FrameHeader } from "./frame.ts";

/** Keeps one group of frames. Committed when this resolves (autocommit, synchronous_commit on): what a 2xx rests on. */
export async function insertIngestBatch(db: Sql, receivedAt: Date, events: number, body: Buffer): Promise<void> {
  await db.query("insert into ingest_batch (received_at, events, body) values ($1, $2, $3)", [
    receivedAt,
    events,
    body,
  ]);
}

export type IngestBatch = { position: number; body: Buffer };

/** The oldest batches not yet resolved, locked. Index: primary key. */
export async function claimIngestBatches(tx: Sql, mostEvents: number): Promise<IngestBatch[]> {
  const { rows } = await tx.query<IngestBatch>(
    `with oldest as (
       select position, sum(events) over (order by position) - events as before
         from (select position, events from ingest_batch order by position limit 256) first
     )
     select position, body from ingest_batch
      where position in (select position from oldest where before < $1)
      order by position
        for update skip locked`,
    [mostEvents],
  );
  return rows;
}

export async function deleteIngestBatches(tx: Sql, positions: number[]): Promise<number> {
  const { rowCount } = await tx.query("delete from ingest_batch where position = any($1::bigint[])", [positions]);
  return rowCount ?? 0;
}

/** Of these ids, those seen before: usually none. All of them count as seen from now on. Index: primary key. */
export async function rememberEventIds(tx: Sql, idHashes: string[], seenAt: Date): Promise<Set<string>> {
  const ids = uuidArray(idHashes);
  const insert = () =>
    tx.query("insert into seen_event (id_hash, seen_at) select unnest($1::uuid[]), $2 on conflict do nothing", [
      ids,
      seenAt,
    ]);
  const [, { rowCount }] = await Promise.all([tx.query("savepoint before_ids"), insert()]);
  if (rowCount === idHashes.length) return new Set();
  await tx.query("rollback to savepoint before_ids");
  const [{ rows }] = await Promise.all([
    tx.query<{ idHash: string }>(
      `select id_hash as "idHash" from unnest($1::uuid[]) as given (id_hash) join seen_event using (id_hash)`,
      [ids],
    ),
    insert(),
  ]);
  return new Set(rows.map((row) => row.idHash));
}

/** Whether an event of one of these ids was taken in within the last thirty days. Index: primary key. */
export async function hasSeen(db: Sql, idHashes: string[]): Promise<boolean> {
  const { rows } = await db.query("select 1 as seen from seen_event where id_hash = any($1::uuid[]) limit 1", [
    uuidArray(idHashes),
  ]);
  return rows.length > 0;
}

export async function forgetSeen(db: Sql, before: Date): Promise<void> {
  await db.query("delete from seen_event where seen_at < $1", [before]);
}

export type DeadLetter = {
  stage: string;
  source: string;
  reason: string;
  body: Buffer;
  /** Of stage resolve: what the body would be read under if it were tried again. */
  frame?: FrameHeader | null;
};

export async function insertDeadLetters(tx: Sql, at: Date, letters: DeadLetter[]): Promise<void> {
  await tx.query(
    `insert into dead_letter (at, stage, source, reason, body, frame)
     select $1, * from unnest($2::text[], $3::text[], $4::text[], $5::bytea[], $6::json[])`,
    [
      at,
      letters.map((one) => one.stage),
      letters.map((one) => one.source),
      letters.map((one) => one.reason),
      letters.map((one) => one.body),
      letters.map((one) => (one.frame ? JSON.stringify(one.frame) : null)),
    ],
  );
}

/** How much is waiting to be resolved, also what is aside. The queue is short unless the resolver is away. */
export async function countWaiting(db: Sql): Promise<{ batches: number; events: number; oldest: Date | null }> {
  const { rows } = await db.query<{ batches: number; events: number; oldest: Date | null }>(
    `select count(*) as "batches", coalesce(sum(events), 0) as "events", min(received_at) as "oldest"
       from (select events, received_at from ingest_batch union all select events, received_at from ingest_aside) waiting`,
  );
  return rows[0] ?? { batches: 0, events: 0, oldest: null };
}

/** Events that passed the door under a name within a second since the epoch. */
export type DoorUse = { name: string; second: number; events: number };

/** Adds what passed here, and answers what passed everywhere after `since` under the names asked. Index: primary key. */
export async function addDoorUse(
  db: Sql,
  mine: DoorUse[],
  asked: string[],
  since: number,
): Promise<{ name: string; events: number }[]> {
  if (mine.length > 0)
    await db.query(
      `insert into door_use as known (name, second, events)
       select * from unnest($1::text[], $2::bigint[], $3::bigint[]) as given (name, second, events) order by 1, 2
           on conflict (name, second) do update set events = known.events + excluded.events`,
      [mine.map((one) => one.name), mine.map((one) => one.second), mine.map((one) => one.events)],
    );
  const { rows } = await db.query<{ name: string; events: number }>(
    `select name, sum(events)::bigint as "events" from door_use
      where name = any($1::text[]) and second > $2 group by name`,
    [asked, since],
  );
  return rows;
}

/** Index: door_use_by_second. */
export async function forgetDoorUse(db: Sql, before: number): Promise<void> {
  await db.query("delete from door_use where second < $1", [before]);
}
