import type { SqlCondition } from "@rapport/engine/condition/index";
import type { Profile } from "@rapport/engine/profile/index";

import type { Sql } from "../platform/database.ts";
import { readableJson } from "../platform/readable-json.ts";

/** A place in the list of all customers, to go on from; null is before the first. */
export type Place = { partition: number; customerId: string };
export type Member = Place & { name: string | null };

/** Every customer `k`, with what a condition reads as `c`: `offset 0` has the text read once, however often it is asked. */
const CUSTOMERS = `customer k cross join lateral (select ${readableJson("k.state")}::jsonb as state offset 0) c`;

/** How many customers a condition holds for, and how many there are. One pass over the table: for people, not for screens. */
export async function countSegment(sql: Sql, condition: SqlCondition): Promise<{ members: number; customers: number }> {
  const { rows } = await sql.query<{ members: number; customers: number }>(
    `select count(*) filter (where ${condition.text})::int as members, count(*)::int as customers
       from ${CUSTOMERS}
      where k.merged_into is null`,
    condition.values,
  );
  return rows[0] ?? { members: 0, customers: 0 };
}

/** Customers that a condition holds for, in the order of the primary key, which serves it. `condition` begins at $1. */
export async function listSegment(
  sql: Sql,
  condition: SqlCondition,
  { after, limit }: { after: Place | null; limit: number },
): Promise<Member[]> {
  const next = condition.values.length + 1;
  const { rows } = await sql.query<Member>(
    `select k.partition, k.customer_id as "customerId", k.name
       from ${CUSTOMERS}
      where k.merged_into is null
        and (k.partition, k.customer_id) > ($${next}::smallint, $${next + 1}::uuid)
        and ${condition.text}
      order by k.partition, k.customer_id
      limit $${next + 2}`,
    [...condition.values, after?.partition ?? -1, after?.customerId ?? "00000000-0000-0000-0000-000000000000", limit],
  );
  return rows;
}

/** The profile of one customer, to explain why it is in a segment or not; null when there is none. */
export async function customerForExplain(sql: Sql, { partition, customerId }: Place): Promise<Profile | null> {
  const { rows } = await sql.query<{ state: Profile }>(
    `select c.state::json
       from customer c
      where c.partition = $1
        and c.customer_id = $2`,
    [partition, customerId],
  );
  return rows[0]?.state ?? null;
}
