import type { Event } from "@rapport/contract/event";
import type { IdentityGraph } from "@rapport/engine/identity/index";

import type { Sql } from "../../platform/database.ts";

/** Who holds which identifiers now, in the cluster that a customer belongs to. Index: identifier_key. */
export async function loadGraphOf(tx: Sql, customerId: string): Promise<IdentityGraph | null> {
  const { rows } = await tx.query<{ graph: IdentityGraph }>(
    `select graph from identifier join identity_cluster using (cluster_id) where kind = 'customer' and value = $1`,
    [customerId],
  );
  return rows[0]?.graph ?? null;
}

export async function deleteEvents(tx: Sql, partition: number, customerId: string, events: Event[]): Promise<void> {
  await tx.query(
    `delete from event using unnest($3::float8[], $4::text[]) as gone (at, event_id)
      where partition = $1 and customer_id = $2 and event.at = to_timestamp(gone.at / 1000.0) and event.event_id = gone.event_id`,
    [partition, customerId, events.map((one) => one.at), events.map((one) => one.id)],
  );
}

const MOVED_COLUMNS = {
  decision: "decision_id, at, policy, policy_version, trigger, outcome, action, channel, record",
  message: "message_id, decision_id, channel, purpose, lane, address, planned_at, body",
  message_status: "message_id, status, at, detail",
} as const;
type Movable = keyof typeof MOVED_COLUMNS;

/** Takes a customer's rows out, as JSON, to be put in elsewhere: all, or those of the ids named. */
export async function takeRows(
  tx: Sql,
  table: Movable,
  partition: number,
  customerId: string,
  ids: string[],
): Promise<Record<string, unknown>[]> {
  const key = table === "decision" ? "decision_id" : "message_id";
  const { rows } = await tx.query<{ row: Record<string, unknown> }>(
    `with gone as (delete from ${table} where partition = $1 and customer_id = $2 and ${key} = any($3::uuid[]) returning ${MOVED_COLUMNS[table]})
     select to_json(gone) as "row" from gone`,
    [partition, customerId, ids],
  );
  return rows.map((one) => one.row);
}

export async function putRows(
  tx: Sql,
  table: Movable,
  partition: number,
  customerId: string,
  rows: Record<string, unknown>[],
): Promise<void> {
  await tx.query(
    `insert into ${table} (partition, customer_id, ${MOVED_COLUMNS[table]})
     select $1, $2, ${MOVED_COLUMNS[table]} from json_populate_recordset(null::${table}, $3::json)
         on conflict do nothing`,
    [partition, customerId, JSON.stringify(rows)],
  );
}
