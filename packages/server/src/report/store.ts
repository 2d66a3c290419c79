import type { Event } from "@rapport/contract/event";

import { withOrigin } from "../partition/index.ts";
import type { Sql } from "../platform/database.ts";

/** Sums of each minute since, over all partitions. Index: tally_by_minute. */
export async function talliesSince(db: Sql, since: Date): Promise<{ minute: Date; metric: string; value: number }[]> {
  const { rows } = await db.query<{ minute: Date; metric: string; value: number }>(
    `select minute, metric, sum(value)::bigint as "value" from tally where minute >= $1 group by minute, metric order by minute`,
    [since],
  );
  return rows;
}

/** PostgreSQL's own estimate: a screen does not wait for a count over millions. */
export async function estimateCustomers(db: Sql): Promise<number> {
  const { rows } = await db.query<{ estimate: number }>(
    "select greatest(reltuples, 0)::bigint as estimate from pg_class where oid = 'customer'::regclass",
  );
  const estimate = rows[0]?.estimate ?? 0;
  if (estimate > 50_000) return estimate;
  const { rows: counted } = await db.query<{ count: number }>(
    "select count(*) as count from customer where merged_into is null",
  );
  return counted[0]?.count ?? 0;
}

/** Letters that nobody has set aside, a thousand at most, and those of them that came since. */
export async function countDeadLetters(db: Sql, since: Date): Promise<{ open: number; fresh: number }> {
  const { rows } = await db.query<{ open: number; fresh: number }>(
    `select count(*) as "open", count(*) filter (where at > $1) as "fresh"
       from (select at from dead_letter where resolved_at is null order by dead_letter_id desc limit 1000) open`,
    [since],
  );
  return rows[0] ?? { open: 0, fresh: 0 };
}

export type Happening = { event: Event; customerId: string; customer: string | null };

/** What happened last, over all customers: the newest decisions and what they led to. Index: decision_by_time. */
export async function lastHappenings(db: Sql, limit: number): Promise<Happening[]> {
  const { rows } = await db.query<Happening>(
    `with last as (select partition, customer_id, at from decision order by at desc limit $1),
          who as (select partition, customer_id, min(at) as since from last group by partition, customer_id)
     select e.body::json as "event", e.customer_id as "customerId", c.name as "customer"
       from who
       join lateral (select * from event where partition = who.partition and customer_id = who.customer_id order by at desc limit 5) e on true
       join customer c on c.partition = who.partition and c.customer_id = who.customer_id
      order by e.at desc limit $1`,
    [limit],
  );
  return rows.map((row) => ({ ...row, event: withOrigin(row.event) }));
}
