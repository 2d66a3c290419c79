import type { Event } from "@rapport/contract/event";
import type { IdentityGraph } from "@rapport/engine/identity/index";
import type { Profile } from "@rapport/engine/profile/index";

import { withOrigin } from "../partition/index.ts";
import type { Sql } from "../platform/database.ts";

export type CustomerRow = {
  partition: number;
  customerId: string;
  name: string | null;
  mergedInto: string | null;
  state: Profile;
};

const CUSTOMER = `partition, customer_id as "customerId", name, merged_into as "mergedInto", state::json`;

/** Index: primary key. */
export async function findCustomer(db: Sql, partition: number, customerId: string): Promise<CustomerRow | null> {
  const { rows } = await db.query<CustomerRow>(
    `select ${CUSTOMER} from customer where partition = $1 and customer_id = $2`,
    [partition, customerId],
  );
  return rows[0] ?? null;
}

/** By the beginning of a name. Index: customer_by_name. */
export async function customersByName(db: Sql, prefix: string, limit: number): Promise<CustomerRow[]> {
  const { rows } = await db.query<CustomerRow>(
    `select ${CUSTOMER} from customer where lower(name) like $1 and name is not null and merged_into is null order by lower(name) limit $2`,
    [`${escapeLike(prefix.toLowerCase())}%`, limit],
  );
  return rows;
}

/** By the beginning of an identifier. Index: identifier_by_prefix. */
export async function customersByIdentifier(db: Sql, prefix: string, limit: number): Promise<CustomerRow[]> {
  const { rows } = await db.query<CustomerRow>(
    `with found as (
       select distinct customer_id from (select customer_id from identifier where value like $1 order by value limit 200) first
     )
     select ${CUSTOMER.replace("customer_id as", "c.customer_id as")} from found
       join customer c on c.customer_id = found.customer_id and c.partition = ('x' || right(found.customer_id::text, 2))::bit(8)::int % 64
      where merged_into is null
      limit $2`,
    [`${escapeLike(prefix)}%`, limit],
  );
  return rows;
}

/** A page of customers in the order of their homes: a page costs the same however many there are. Index: primary key. */
export async function customersAfter(
  db: Sql,
  partition: number,
  customerId: string,
  limit: number,
): Promise<CustomerRow[]> {
  const { rows } = await db.query<CustomerRow>(
    `select ${CUSTOMER} from customer where (partition, customer_id) > ($1, $2::uuid) and merged_into is null order by partition, customer_id limit $3`,
    [partition, customerId, limit],
  );
  return rows;
}

const escapeLike = (text: string): string => text.replace(/[\\%_]/g, "\\$&");

export type TimelinePage = {
  partition: number;
  customerId: string;
  before: Date;
  channel: string | null;
  kind: string | null;
  limit: number;
};

/** Newest first, decisions among them. Index: event_key. */
export async function timelineBefore(db: Sql, page: TimelinePage): Promise<Event[]> {
  const { rows } = await db.query<{ body: Event }>(
    `select body::json from event
      where partition = $1 and customer_id = $2 and at < $3
        and ($4::text is null or body::json->>'channel' = $4) and ($5::text is null or body::json->>'kind' = $5)
      order by at desc, event_id desc limit $6`,
    [page.partition, page.customerId, page.before, page.channel, page.kind, page.limit],
  );
  return rows.map((row) => withOrigin(row.body));
}

export type Visit = { visitorId: string; kind: string; value: string; firstAt: number; lastAt: number };

/** Visitors who claim one of these identifiers and are not the customer who holds them, the last first. Index: primary key. */
export async function visitsClaiming(
  db: Sql,
  customerId: string,
  identifiers: { kind: string; value: string }[],
  limit: number,
): Promise<Visit[]> {
  const { rows } = await db.query<Omit<Visit, "firstAt" | "lastAt"> & { firstAt: Date; lastAt: Date }>(
    `select visitor_id as "visitorId", kind, value, first_at as "firstAt", last_at as "lastAt"
       from unnest($1::text[], $2::text[]) as held (kind, value)
      cross join lateral (
              select visitor_id, first_at, last_at from claimed_identifier c
               where c.kind = held.kind and c.value = held.value and c.visitor_id <> $3
                 and not exists (
                       select 1 from customer v where v.customer_id = c.visitor_id and v.merged_into is not null
                          and v.partition = ('x' || right(c.visitor_id::text, 2))::bit(8)::int % 64)
               order by last_at desc limit $4
            ) claimed
      order by last_at desc limit $4`,
    [identifiers.map((one) => one.kind), identifiers.map((one) => one.value), customerId, limit],
  );
  return rows.map((row) => ({ ...row, firstAt: row.firstAt.getTime(), lastAt: row.lastAt.getTime() }));
}

/** Whether somebody has this identifier. Index: primary key. */
export async function isHeld(db: Sql, kind: string, value: string): Promise<boolean> {
  const { rows } = await db.query("select 1 as held from identifier where kind = $1 and value = $2", [kind, value]);
  return rows.length > 0;
}

/** The cluster of a customer's identifiers, with the merges that can be undone. Index: identifier_key. */
export async function clusterOf(db: Sql, customerId: string): Promise<IdentityGraph | null> {
  const { rows } = await db.query<{ graph: IdentityGraph }>(
    `select graph from identifier join identity_cluster using (cluster_id) where kind = 'customer' and value = $1`,
    [customerId],
  );
  return rows[0]?.graph ?? null;
}
