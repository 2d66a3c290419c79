import type { Sql } from "../../platform/database.ts";
import { byteaArray } from "../../platform/sql-array.ts";

export type InboxBatch = { lane: number; position: number; items: number; body: Buffer };

/** What waits for a partition, the urgent lanes first, in order. Index: primary key. */
export async function readInbox(tx: Sql, partition: number, mostItems: number): Promise<InboxBatch[]> {
  const { rows } = await tx.query<InboxBatch>(
    `select lane, position, items, body from inbox where partition = $1 order by lane, position limit 100`,
    [partition],
  );
  let items = 0;
  return rows.filter((row, index) => {
    items += row.items;
    return index === 0 || items <= mostItems;
  });
}

/** Takes batches out of the queue. Fewer than asked means that another worker has applied them: the transaction must end. */
export async function deleteInbox(tx: Sql, partition: number, batches: InboxBatch[]): Promise<number> {
  const { rowCount } = await tx.query(
    `delete from inbox using unnest($2::smallint[], $3::bigint[]) as done (lane, position)
      where inbox.partition = $1 and inbox.lane = done.lane and inbox.position = done.position`,
    [partition, batches.map((one) => one.lane), batches.map((one) => one.position)],
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

export type DueTimer = { customerId: string; name: string; dueAt: Date };

/** Index: timer_due. */
export async function dueTimers(tx: Sql, partition: number, now: Date, most: number): Promise<DueTimer[]> {
  const { rows } = await tx.query<DueTimer>(
    `select customer_id as "customerId", name, due_at as "dueAt" from timer where partition = $1 and due_at <= $2 order by due_at limit $3`,
    [partition, now, most],
  );
  return rows;
}

export async function deleteTimers(tx: Sql, partition: number, timers: DueTimer[]): Promise<number> {
  const { rowCount } = await tx.query(
    `delete from timer using unnest($2::uuid[], $3::text[], $4::timestamptz[]) as done (customer_id, name, due_at)
      where timer.partition = $1 and timer.customer_id = done.customer_id and timer.name = done.name and timer.due_at = done.due_at`,
    [partition, timers.map((one) => one.customerId), timers.map((one) => one.name), timers.map((one) => one.dueAt)],
  );
  return rowCount ?? 0;
}

/** Takes all of a customer's timers out, to be set elsewhere. */
export async function takeTimers(
  tx: Sql,
  partition: number,
  customerId: string,
): Promise<{ name: string; dueAt: number }[]> {
  const { rows } = await tx.query<{ name: string; dueAt: Date }>(
    `delete from timer where partition = $1 and customer_id = $2 returning name, due_at as "dueAt"`,
    [partition, customerId],
  );
  return rows.map(({ name, dueAt }) => ({ name, dueAt: dueAt.getTime() }));
}

export async function clearTimers(
  tx: Sql,
  partition: number,
  timers: { customerId: string; name: string }[],
): Promise<void> {
  await tx.query(
    `delete from timer using unnest($2::uuid[], $3::text[]) as gone (customer_id, name)
      where timer.partition = $1 and timer.customer_id = gone.customer_id and timer.name = gone.name`,
    [partition, timers.map((one) => one.customerId), timers.map((one) => one.name)],
  );
}

/** Sets timers; one that is already set is moved. */
export async function setTimers(
  tx: Sql,
  partition: number,
  timers: { customerId: string; name: string; dueAt: number }[],
): Promise<void> {
  await tx.query(
    `insert into timer (partition, customer_id, name, due_at)
     select $1, customer_id, name, to_timestamp(due_at / 1000.0)
       from unnest($2::uuid[], $3::text[], $4::float8[]) as given (customer_id, name, due_at)
         on conflict (partition, customer_id, name) do update set due_at = excluded.due_at`,
    [partition, timers.map((one) => one.customerId), timers.map((one) => one.name), timers.map((one) => one.dueAt)],
  );
}

export async function addTallies(
  tx: Sql,
  partition: number,
  minute: Date,
  tallies: ReadonlyMap<string, number>,
): Promise<void> {
  await tx.query(
    `insert into tally (partition, minute, metric, value)
     select $1, $2, metric, value from unnest($3::text[], $4::bigint[]) as given (metric, value)
         on conflict (partition, minute, metric) do update set value = tally.value + excluded.value`,
    [partition, minute, [...tallies.keys()], [...tallies.values()]],
  );
}

export type PartitionLag = { partition: number; batches: number; events: number; owner: string | null };

/** What waits in each partition that has anything waiting, and who owns it. */
export async function lagByPartition(db: Sql): Promise<PartitionLag[]> {
  const { rows } = await db.query<PartitionLag>(
    `select p.partition, coalesce(w.batches, 0) as "batches", coalesce(w.events, 0) as "events", l.owner
       from generate_series(0, 63) as p (partition)
       left join (select partition, count(*) as batches, sum(items) as events from inbox group by partition) w using (partition)
       left join lease l on l.name = 'partition/' || p.partition and l.expires_at > clock_timestamp()
      order by p.partition`,
  );
  return rows;
}
