import { type Origin, ORIGINS } from "@rapport/contract/origin";

import type { Sql } from "../../platform/database.ts";
import { byteaArray, smallintArray } from "../../platform/sql-array.ts";
import { HOUSEKEEPING, partitionOf } from "../inbox-item.ts";

export type InboxBatch = { partition: number; lane: number; position: number; body: Buffer };

/** Rows of one partition that are looked at together. */
const MOST_BATCHES = 100;
/** An item of the last lane counts as so many: whoever shares a transaction with it does not wait long. */
const WEIGHT_OF_LAST = 5;

/**
 * What waits for these partitions, up to about so many items in all: of each partition the urgent lanes first, in order,
 * and less of the last, behind the others of all partitions. `unfinished` are the partitions of which more waits. Index:
 * primary key.
 */
export async function readInbox(
  tx: Sql,
  partitions: number[],
  mostItems: number,
): Promise<{ batches: InboxBatch[]; unfinished: number[] }> {
  const { rows } = await tx.query<Omit<InboxBatch, "body"> & { body: Buffer | null; rank: number }>(
    `with waiting as (
       select w.partition, w.lane, w.position, w.rank,
              sum(w.weight) over (order by w.lane = ${HOUSEKEEPING}, asked.n, w.lane, w.position) - w.weight as before
         from unnest($1::smallint[]) with ordinality as asked (partition, n)
        cross join lateral (
                select partition, lane, position, items * case lane when ${HOUSEKEEPING} then ${WEIGHT_OF_LAST} else 1 end as weight,
                       row_number() over (order by lane, position) as rank
                  from inbox where inbox.partition = asked.partition
                 order by lane, position limit ${MOST_BATCHES}
              ) w
     )
     select partition, lane, position, rank, case when before < $2 then body end as "body"
       from waiting join inbox using (partition, lane, position)
      order by partition, lane, position`,
    [smallintArray(partitions), mostItems],
  );
  const unfinished = rows.filter((row) => row.body === null || row.rank === MOST_BATCHES).map((row) => row.partition);
  return {
    batches: rows.flatMap(({ body, ...row }) => (body === null ? [] : [{ ...row, body }])),
    unfinished: [...new Set(unfinished)],
  };
}

/** Takes batches out of the queue. Fewer than asked means that another worker has applied them: the transaction must end. */
export async function deleteInbox(tx: Sql, batches: InboxBatch[]): Promise<number> {
  const { rowCount } = await tx.query(
    `delete from inbox using unnest($1::smallint[], $2::smallint[], $3::bigint[]) as done (partition, lane, position)
      where inbox.partition = done.partition and inbox.lane = done.lane and inbox.position = done.position`,
    [
      smallintArray(batches.map((one) => one.partition)),
      smallintArray(batches.map((one) => one.lane)),
      batches.map((one) => one.position),
    ],
  );
  return rowCount ?? 0;
}

/** Hands items to their partitions' workers. */
export async function insertInbox(
  tx: Sql,
  rows: { partition: number; lane: number; items: number; body: Buffer }[],
): Promise<void> {
  await tx.query(
    `insert into inbox (partition, lane, items, body)
     select * from unnest($1::smallint[], $2::smallint[], $3::int[], $4::bytea[])`,
    [
      rows.map((row) => row.partition),
      rows.map((row) => row.lane),
      rows.map((row) => row.items),
      byteaArray(rows.map((row) => row.body)),
    ],
  );
}

/** Partitions that have something waiting. Index: primary key, one row each. */
export async function partitionsWaiting(db: Sql, partitions: number[], now: Date): Promise<number[]> {
  const { rows } = await db.query<{ partition: number }>(
    `select p as "partition" from unnest($1::smallint[]) as p
      where exists (select 1 from inbox where partition = p)
         or exists (select 1 from timer where partition = p and due_at <= $2)`,
    [partitions, now],
  );
  return rows.map((row) => row.partition);
}

export type DueTimer = { customerId: string; name: string; dueAt: Date; causedBy: Origin | null };
export type TimerToSet = { customerId: string; name: string; dueAt: number; causedBy: Origin | null };

/** Those of these partitions that are due, the longest due first. Index: timer_due. */
export async function dueTimers(tx: Sql, partitions: number[], now: Date, most: number): Promise<DueTimer[]> {
  const { rows } = await tx.query<DueTimer>(
    `select customer_id as "customerId", name, due_at as "dueAt", caused_by as "causedBy"
       from unnest($1::smallint[]) as asked (partition)
      cross join lateral (
              select customer_id, name, due_at, caused_by from timer
               where timer.partition = asked.partition and due_at <= $2 order by due_at limit $3
            ) due
      order by due_at limit $3`,
    [smallintArray(partitions), now, most],
  );
  return rows;
}

export async function deleteTimers(tx: Sql, timers: DueTimer[]): Promise<number> {
  const { rowCount } = await tx.query(
    `delete from timer using unnest($1::smallint[], $2::uuid[], $3::text[], $4::timestamptz[]) as done (partition, customer_id, name, due_at)
      where timer.partition = done.partition and timer.customer_id = done.customer_id and timer.name = done.name and timer.due_at = done.due_at`,
    [
      partitionsOf(timers),
      timers.map((one) => one.customerId),
      timers.map((one) => one.name),
      timers.map((one) => one.dueAt),
    ],
  );
  return rowCount ?? 0;
}

/** Takes all of a customer's timers out, to be set elsewhere. */
export async function takeTimers(
  tx: Sql,
  partition: number,
  customerId: string,
): Promise<Omit<TimerToSet, "customerId">[]> {
  const { rows } = await tx.query<Omit<DueTimer, "customerId">>(
    `delete from timer where partition = $1 and customer_id = $2
     returning name, due_at as "dueAt", caused_by as "causedBy"`,
    [partition, customerId],
  );
  return rows.map(({ dueAt, ...timer }) => ({ ...timer, dueAt: dueAt.getTime() }));
}

const partitionsOf = (timers: { customerId: string }[]): Buffer =>
  smallintArray(timers.map((one) => partitionOf(one.customerId)));

export async function clearTimers(tx: Sql, timers: { customerId: string; name: string }[]): Promise<void> {
  await tx.query(
    `delete from timer using unnest($1::smallint[], $2::uuid[], $3::text[]) as gone (partition, customer_id, name)
      where timer.partition = gone.partition and timer.customer_id = gone.customer_id and timer.name = gone.name`,
    [partitionsOf(timers), timers.map((one) => one.customerId), timers.map((one) => one.name)],
  );
}

/** Sets timers. One that is set already is moved, unless what set it is believed more: `causedBy` null is what is proven. */
export async function setTimers(tx: Sql, timers: TimerToSet[]): Promise<void> {
  await tx.query(
    `insert into timer (partition, customer_id, name, due_at, caused_by)
     select partition, customer_id, name, to_timestamp(due_at / 1000.0), caused_by
       from unnest($1::smallint[], $2::uuid[], $3::text[], $4::float8[], $5::text[])
         as given (partition, customer_id, name, due_at, caused_by)
         on conflict (partition, customer_id, name) do update
        set due_at = excluded.due_at, caused_by = excluded.caused_by
      where coalesce(array_position($6::text[], excluded.caused_by), 0) <= coalesce(array_position($6::text[], timer.caused_by), 0)`,
    [
      partitionsOf(timers),
      timers.map((one) => one.customerId),
      timers.map((one) => one.name),
      timers.map((one) => one.dueAt),
      timers.map((one) => one.causedBy),
      ORIGINS,
    ],
  );
}

/** Adds to the sums of a minute. `at` is any partition that this transaction owns: sums are asked over all of them. */
export async function addTallies(
  tx: Sql,
  at: number,
  minute: Date,
  tallies: ReadonlyMap<string, number>,
): Promise<void> {
  await tx.query(
    `insert into tally (partition, minute, metric, value)
     select $1, $2, metric, value from unnest($3::text[], $4::bigint[]) as given (metric, value)
         on conflict (partition, minute, metric) do update set value = tally.value + excluded.value`,
    [at, minute, [...tallies.keys()], [...tallies.values()]],
  );
}

export type PartitionLag = {
  partition: number;
  batches: number;
  events: number;
  first: number | null;
  last: number | null;
  owner: string | null;
};

/** What waits in each partition that has anything waiting, and who owns it. */
export async function lagByPartition(db: Sql): Promise<PartitionLag[]> {
  const { rows } = await db.query<PartitionLag>(
    `select p.partition, coalesce(w.batches, 0) as "batches", coalesce(w.events, 0) as "events", w.first, w.last, l.owner
       from generate_series(0, 63) as p (partition)
       left join (select partition, count(*) as batches, sum(items) as events, min(position) as first, max(position) as last from inbox group by partition) w using (partition)
       left join lease l on l.name = 'partition/' || p.partition and l.expires_at > clock_timestamp()
      order by p.partition`,
  );
  return rows;
}
