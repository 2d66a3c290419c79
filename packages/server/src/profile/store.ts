import type { Event } from "@rapport/contract/event";
import type { IdentifierKey, IdentityGraph } from "@rapport/engine/identity/index";
import type { Profile } from "@rapport/engine/profile/index";

import { withOrigin } from "../partition/index.ts";
import type { Sql } from "../platform/database.ts";
import { readableJson } from "../platform/readable-json.ts";

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

/** The last text of those that begin with `prefix`, byte by byte: no character is encoded higher. */
const lastOf = (prefix: string): string => `${prefix}\u{10FFFF}`;

/** By the beginning of a name, after the place of the customer `after`. Index: customer_by_name. */
export async function customersByName(
  db: Sql,
  asked: { prefix: string; after: { partition: number; customerId: string } | null; limit: number },
): Promise<CustomerRow[]> {
  const { prefix, after, limit } = asked;
  const { rows } = await db.query<CustomerRow>(
    `with place as (
       select coalesce((select lower(name) from customer where partition = $3 and customer_id = $4), $1) as name
     )
     select ${CUSTOMER} from customer
      where name is not null and merged_into is null and starts_with(lower(name), $1)
        and lower(name) ~>=~ (select place.name from place) and lower(name) ~<=~ $2
        and ($4::uuid is null or lower(name) ~>~ (select place.name from place) or customer_id > $4)
      order by lower(name) using ~<~, customer_id limit $5`,
    [prefix, lastOf(prefix), after?.partition ?? null, after?.customerId ?? null, limit],
  );
  return rows;
}

export type Found = { kind: string; value: string; customer: CustomerRow | null };

/** Identifiers by their beginning in any case, of which `prefix` is the lower, after the place of one, each with its holder. Index: identifier_by_prefix. */
export async function identifiersByPrefix(
  db: Sql,
  asked: { prefix: string; after: { kind: string; value: string } | null; limit: number },
): Promise<Found[]> {
  const { prefix, after, limit } = asked;
  const { rows } = await db.query<Omit<Found, "customer"> & CustomerRow>(
    `select i.kind, i.value, c.partition, c.customer_id as "customerId", c.name, c.state::json
       from (select kind, value, customer_id from identifier
              where lower(value) ~>=~ lower($3) and lower(value) ~<=~ $2 and starts_with(lower(value), $1)
                and ($4::text is null or lower(value) ~>~ lower($3) or kind ~>~ $4 or (kind = $4 and value ~>~ $3))
              order by lower(value) using ~<~, kind using ~<~, value using ~<~ limit $5) i
       left join customer c on c.customer_id = i.customer_id and c.merged_into is null
        and c.partition = ('x' || right(i.customer_id::text, 2))::bit(8)::int % 64
      order by lower(i.value) using ~<~, i.kind using ~<~, i.value using ~<~`,
    [prefix, lastOf(prefix), after?.value ?? prefix, after?.kind ?? null, limit],
  );
  return rows.map(({ kind, value, ...row }) => ({
    kind,
    value,
    customer: row.customerId ? { ...row, mergedInto: null } : null,
  }));
}

/** What each of these customers is known by. Index: identifier_key. */
export async function identifiersOf(db: Sql, customerIds: string[]): Promise<Map<string, IdentifierKey[]>> {
  const { rows } = await db.query<{ customerId: string; holders: IdentityGraph["holders"] }>(
    `select i.value as "customerId", ${readableJson("graph")}->'holders' as "holders"
       from identifier i join identity_cluster using (cluster_id) where kind = 'customer' and value = any($1::text[])`,
    [customerIds],
  );
  return new Map(
    rows.map(({ customerId, holders }) => [
      customerId,
      Object.keys(holders).filter((key) => holders[key] === customerId),
    ]),
  );
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

export type TimelinePage = {
  partition: number;
  customerId: string;
  channel: string | null;
  kind: string | null;
  /** Events of this time too, if their ids are below `id`. */
  before: string;
  id: string | null;
  limit: number;
};

/** Newest first, without the decisions among them; each with its time as the database keeps it. Index: event_key. */
export async function timelineBefore(db: Sql, page: TimelinePage): Promise<{ event: Event; micros: number }[]> {
  const { rows } = await db.query<{ event: Event; micros: number }>(
    `select body::json as "event", (extract(epoch from at) * 1000000)::bigint as "micros" from event
      where partition = $1 and customer_id = $2 and at <= $3::timestamptz
        and ($4::text is null or at < $3::timestamptz or event_id < $4)
        and ($5::text is null or ${readableJson("body")}->>'channel' = $5) and ($6::text is null or ${readableJson("body")}->>'kind' = $6)
      order by at desc, event_id desc limit $7`,
    [page.partition, page.customerId, page.before, page.id, page.channel, page.kind, page.limit],
  );
  return rows.map((row) => ({ ...row, event: withOrigin(row.event) }));
}

export type Visit = { visitorId: string; kind: string; value: string; firstAt: number; lastAt: number };

/** Claims of one identifier that are looked at, the newest. */
const MOST_CLAIMS = 500;
/** Merges of a visitor that are followed, one after the other. */
const MOST_MERGES = 20;

/**
 * Who claims one of these identifiers and is not the customer who holds them, the last first. A visitor that has been merged since
 * is shown as the customer it is part of now. Index: primary key.
 */
export async function visitsClaiming(
  db: Sql,
  customerId: string,
  identifiers: { kind: string; value: string }[],
  limit: number,
): Promise<Visit[]> {
  const { rows } = await db.query<Omit<Visit, "firstAt" | "lastAt"> & { firstAt: Date; lastAt: Date }>(
    `select heir.id as "visitorId", held.kind, held.value, min(claimed.first_at) as "firstAt", max(claimed.last_at) as "lastAt"
       from unnest($1::text[], $2::text[]) as held (kind, value)
      cross join lateral (
              select visitor_id, first_at, last_at from claimed_identifier c
               where c.kind = held.kind and c.value = held.value and c.visitor_id <> $3
               order by last_at desc limit ${MOST_CLAIMS}
            ) claimed
      cross join lateral (
              with recursive line (id, merges) as (
                select claimed.visitor_id, 0
                 union all
                select v.merged_into, merges + 1 from line
                  join customer v on v.customer_id = line.id and v.partition = ('x' || right(line.id::text, 2))::bit(8)::int % 64
                 where v.merged_into is not null and merges < ${MOST_MERGES}
              )
              select id from line order by merges desc limit 1
            ) heir
      where heir.id <> $3
      group by heir.id, held.kind, held.value
      order by max(claimed.last_at) desc limit $4`,
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
