import type { IdentityGraph } from "@rapport/engine/identity/index";

import type { Sql } from "../platform/database.ts";
import { float8Array, jsonArray, textArray, uuidArray } from "../platform/sql-array.ts";

export type Holder = { kind: string; value: string; clusterId: string; customerId: string };

/** Who holds these identifiers. Index: primary key. */
export async function findHolders(tx: Sql, kinds: string[], values: string[]): Promise<Holder[]> {
  const { rows } = await tx.query<Holder>(
    `select i.kind, i.value, i.cluster_id as "clusterId", i.customer_id as "customerId"
       from unnest($1::text[], $2::text[]) as asked (kind, value)
       join identifier i on i.kind = asked.kind and i.value = asked.value`,
    [textArray(kinds), textArray(values)],
  );
  return rows;
}

export async function saveHolders(tx: Sql, holders: Holder[]): Promise<void> {
  await tx.query(
    `insert into identifier (kind, value, cluster_id, customer_id)
     select * from unnest($1::text[], $2::text[], $3::uuid[], $4::uuid[])
         on conflict (kind, value) do update set cluster_id = excluded.cluster_id, customer_id = excluded.customer_id`,
    [
      textArray(holders.map((one) => one.kind)),
      textArray(holders.map((one) => one.value)),
      uuidArray(holders.map((one) => one.clusterId)),
      uuidArray(holders.map((one) => one.customerId)),
    ],
  );
}

/** Remembers who belongs to which household; who is known to belong stays so. */
export async function saveMembers(tx: Sql, members: { household: string; customerId: string }[]): Promise<void> {
  await tx.query(
    `insert into household_member (household, customer_id)
     select distinct household, customer_id from unnest($1::text[], $2::uuid[]) as given (household, customer_id) order by 1, 2
         on conflict do nothing`,
    [textArray(members.map((one) => one.household)), uuidArray(members.map((one) => one.customerId))],
  );
}

/** How much of an event has passed from each of these peers since the beginning of a step; nothing where none has. Index: primary key. */
export async function peerUseSince(
  tx: Sql,
  asked: { peer: string; event: string; since: Date }[],
): Promise<{ peer: string; event: string; used: number }[]> {
  const { rows } = await tx.query<{ peer: string; event: string; used: number }>(
    `select peer, event, sum(used)::int as used
       from unnest($1::text[], $2::text[], $3::timestamptz[]) as asked (peer, event, since)
       join peer_use using (peer, event)
      where window_start >= since
      group by peer, event`,
    [textArray(asked.map((one) => one.peer)), textArray(asked.map((one) => one.event)), asked.map((one) => one.since)],
  );
  return rows;
}

/** Adds what has passed in a step of a cap's window. */
export async function addPeerUse(
  tx: Sql,
  uses: { peer: string; event: string; step: Date; count: number }[],
): Promise<void> {
  await tx.query(
    `insert into peer_use as known (peer, event, window_start, used)
     select * from unnest($1::text[], $2::text[], $3::timestamptz[], $4::int[])
         on conflict (peer, event, window_start) do update set used = known.used + excluded.used`,
    [
      textArray(uses.map((one) => one.peer)),
      textArray(uses.map((one) => one.event)),
      uses.map((one) => one.step),
      uses.map((one) => one.count),
    ],
  );
}

/** Index: peer_use_by_age. */
export async function forgetPeerUse(db: Sql, before: Date): Promise<void> {
  await db.query("delete from peer_use where window_start < $1", [before]);
}

/** Who said, without proof, to have an identifier: the visitor's customer and when. Epoch ms. */
export type ClaimRow = { kind: string; value: string; visitorId: string; at: number };

/** Remembers claims; of one that is known, when it was last heard. */
export async function saveClaims(tx: Sql, claims: ClaimRow[]): Promise<void> {
  await tx.query(
    `insert into claimed_identifier as known (kind, value, visitor_id, first_at, last_at)
     select kind, value, visitor_id, to_timestamp(min(at) / 1000.0), to_timestamp(max(at) / 1000.0)
       from unnest($1::text[], $2::text[], $3::uuid[], $4::float8[]) as given (kind, value, visitor_id, at)
      group by kind, value, visitor_id order by kind, value, visitor_id
         on conflict (kind, value, visitor_id) do update
        set first_at = least(known.first_at, excluded.first_at), last_at = greatest(known.last_at, excluded.last_at)`,
    [
      textArray(claims.map((one) => one.kind)),
      textArray(claims.map((one) => one.value)),
      uuidArray(claims.map((one) => one.visitorId)),
      float8Array(claims.map((one) => one.at)),
    ],
  );
}

/** Of each of these visitors all claims but so many, the newest, are forgotten. Index: claimed_identifier_by_visitor. */
export async function forgetOldestClaims(tx: Sql, visitorIds: string[], most: number): Promise<void> {
  await tx.query(
    `delete from claimed_identifier c
      using unnest($1::uuid[]) as asked (visitor_id)
      cross join lateral (
              select kind, value from claimed_identifier
               where visitor_id = asked.visitor_id order by last_at desc, kind, value offset $2
            ) oldest
      where c.kind = oldest.kind and c.value = oldest.value and c.visitor_id = asked.visitor_id`,
    [uuidArray(visitorIds), most],
  );
}

/** Claims that nobody repeated since. Index: claimed_identifier_by_age. */
export async function forgetClaims(db: Sql, before: Date): Promise<void> {
  await db.query("delete from claimed_identifier where last_at < $1", [before]);
}

/** Index: primary key. */
export async function loadClusters(
  tx: Sql,
  clusterIds: string[],
): Promise<{ clusterId: string; graph: IdentityGraph }[]> {
  const { rows } = await tx.query<{ clusterId: string; graph: IdentityGraph }>(
    `select cluster_id as "clusterId", graph from identity_cluster where cluster_id = any($1::uuid[])`,
    [uuidArray(clusterIds)],
  );
  return rows;
}

export async function saveClusters(tx: Sql, clusterIds: string[], graphs: string[]): Promise<void> {
  await tx.query(
    `insert into identity_cluster (cluster_id, graph)
     select * from unnest($1::uuid[], $2::json[])
         on conflict (cluster_id) do update set graph = excluded.graph`,
    [uuidArray(clusterIds), jsonArray(graphs)],
  );
}

export async function deleteClusters(tx: Sql, clusterIds: string[]): Promise<void> {
  await tx.query("delete from identity_cluster where cluster_id = any($1::uuid[])", [clusterIds]);
}
