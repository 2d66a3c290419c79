import type { Event } from "@rapport/contract/event";
import type { IdentityGraph } from "@rapport/engine/identity/index";
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

/** The last text of those that begin with the lower case of $1, byte by byte: no character is encoded higher. */
const LAST = "(lower($1) || chr(1114111))";

/** A place in a list by name: the name as the list is ordered by it, which the customer may have no more. */
export type NamePlace = { name: string; customerId: string };

/**
 * By the beginning of a name, in any case; each with its place. Upper and lower case are the database's here and below: other
 * programs have other ideas of some letters. Index: customer_by_name.
 */
export async function customersByName(
  db: Sql,
  { prefix, after, limit }: { prefix: string; after: NamePlace | null; limit: number },
): Promise<{ customer: CustomerRow; place: NamePlace }[]> {
  const { rows } = await db.query<CustomerRow & { place: string }>(
    `select ${CUSTOMER}, lower(name) as "place" from customer
      where name is not null and merged_into is null and starts_with(lower(name), lower($1))
        and lower(name) ~>=~ coalesce($2, lower($1)) and lower(name) ~<=~ ${LAST}
        and ($3::uuid is null or lower(name) ~>~ $2 or customer_id > $3)
      order by lower(name) using ~<~, customer_id limit $4`,
    [prefix, after?.name ?? null, after?.customerId ?? null, limit],
  );
  return rows.map(({ place, ...customer }) => ({
    customer,
    place: { name: place, customerId: customer.customerId },
  }));
}

export type Found = { kind: string; value: string; customer: CustomerRow | null };

/** Identifiers by their beginning in any case, after the place of one, each with its holder. Index: identifier_by_prefix. */
export async function identifiersByPrefix(
  db: Sql,
  { prefix, after, limit }: { prefix: string; after: { kind: string; value: string } | null; limit: number },
): Promise<Found[]> {
  const { rows } = await db.query<Omit<Found, "customer"> & CustomerRow>(
    `select i.kind, i.value, c.partition, c.customer_id as "customerId", c.name, c.state::json
       from (select kind, value, customer_id from identifier
              where lower(value) ~>=~ lower($2) and lower(value) ~<=~ ${LAST} and starts_with(lower(value), lower($1))
                and ($3::text is null or lower(value) ~>~ lower($2) or kind ~>~ $3 or (kind = $3 and value ~>~ $2))
              order by lower(value) using ~<~, kind using ~<~, value using ~<~ limit $4) i
       left join customer c on c.customer_id = i.customer_id and c.merged_into is null
        and c.partition = ('x' || right(i.customer_id::text, 2))::bit(8)::int % 64
      order by lower(i.value) using ~<~, i.kind using ~<~, i.value using ~<~`,
    [prefix, after?.value ?? prefix, after?.kind ?? null, limit],
  );
  return rows.map(({ kind, value, ...row }) => ({
    kind,
    value,
    customer: row.customerId ? { ...row, mergedInto: null } : null,
  }));
}

/** Of each of these customers the identifier by which `identifiersByPrefix` tells it first, where there is one. Index: identifier_key. */
export async function firstIdentifiers(
  db: Sql,
  customerIds: string[],
  prefix: string,
): Promise<Map<string, { kind: string; value: string }>> {
  const { rows } = await db.query<{ customerId: string; kind: string; value: string }>(
    `select distinct on (i.value) i.value as "customerId", held.kind, held.value
       from identifier i
       join identity_cluster using (cluster_id)
      cross join lateral (
              select split_part(key, ':', 1) as kind, substr(key, strpos(key, ':') + 1) as value
                from json_each_text(${readableJson("graph")}->'holders') as holder (key, customer_id)
               where holder.customer_id = i.value) held
      where i.kind = 'customer' and i.value = any($2::text[]) and starts_with(lower(held.value), lower($1))
      order by i.value, lower(held.value) using ~<~, held.kind using ~<~, held.value using ~<~`,
    [prefix, customerIds],
  );
  return new Map(rows.map(({ customerId, kind, value }) => [customerId, { kind, value }]));
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

/** The cluster of a customer's identifiers, with the merges that can be undone. Index: identifier_key. */
export async function clusterOf(db: Sql, customerId: string): Promise<IdentityGraph | null> {
  const { rows } = await db.query<{ graph: IdentityGraph }>(
    `select graph from identifier join identity_cluster using (cluster_id) where kind = 'customer' and value = $1`,
    [customerId],
  );
  return rows[0]?.graph ?? null;
}
