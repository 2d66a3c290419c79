import type { Event } from "@rapport/contract/event";
import { packRecord } from "@rapport/engine/decision/index";
import type { PlannedMessage, TakenDecision } from "@rapport/engine/loop/index";
import type { Profile } from "@rapport/engine/profile/index";

import type { Sql } from "../platform/database.ts";
import { readableJson } from "../platform/readable-json.ts";
import { wellFormedJson } from "../platform/well-formed-json.ts";
import { float8Array, smallintArray, textArray, tidArray, uuidArray } from "../platform/sql-array.ts";
import { withOrigin } from "./event-from-before.ts";
import { partitionOf } from "./inbox-item.ts";

/** A profile and the place of its row, by which it can be written back in the same transaction. */
export type LoadedProfile = { place: string; profile: Profile };

/** Profiles of these customers, those that exist. Index: primary key. */
export async function loadProfiles(tx: Sql, customerIds: string[]): Promise<LoadedProfile[]> {
  const { rows } = await tx.query<{ place: string; state: string }>(
    `select customer.ctid as "place", state
       from unnest($1::smallint[], $2::uuid[]) as asked (partition, customer_id) join customer using (partition, customer_id)`,
    [partitionsOf(customerIds), uuidArray(customerIds)],
  );
  return rows.map((row) => ({ place: row.place, profile: JSON.parse(row.state) as Profile }));
}

const partitionsOf = (customerIds: string[]): Buffer => smallintArray(customerIds.map(partitionOf));

export type CustomerRow = { customerId: string; name: string | null; mergedInto: string | null; state: string };

/** Writes customers where `loadProfiles` found them: nobody else writes them meanwhile. Answers how many were there. */
export async function updateCustomers(tx: Sql, rows: (CustomerRow & { place: string })[], at: Date): Promise<number> {
  const ids = rows.map((row) => row.customerId);
  const { rowCount } = await tx.query(
    `update customer
        set name = given.name, merged_into = given.merged_into, state = given.state, updated_at = $7
       from unnest($1::tid[], $2::smallint[], $3::uuid[], $4::text[], $5::uuid[], $6::text[])
         as given (place, partition, customer_id, name, merged_into, state)
      where customer.ctid = given.place and customer.partition = given.partition and customer.customer_id = given.customer_id`,
    [
      tidArray(rows.map((row) => row.place)),
      partitionsOf(ids),
      uuidArray(ids),
      textArray(rows.map((row) => row.name)),
      uuidArray(rows.map((row) => row.mergedInto)),
      textArray(rows.map((row) => row.state)),
      at,
    ],
  );
  return rowCount ?? 0;
}

/** Writes customers whether they are there or not. */
export async function saveCustomers(tx: Sql, rows: CustomerRow[], at: Date): Promise<void> {
  const ids = rows.map((row) => row.customerId);
  await tx.query(
    `insert into customer as known (partition, customer_id, name, merged_into, state, updated_at)
     select partition, customer_id, name, merged_into, state, $6
       from unnest($1::smallint[], $2::uuid[], $3::text[], $4::uuid[], $5::text[]) as given (partition, customer_id, name, merged_into, state)
         on conflict (partition, customer_id) do update
        set name = excluded.name, merged_into = excluded.merged_into, state = excluded.state, updated_at = excluded.updated_at`,
    [
      partitionsOf(ids),
      uuidArray(ids),
      textArray(rows.map((row) => row.name)),
      uuidArray(rows.map((row) => row.mergedInto)),
      textArray(rows.map((row) => row.state)),
      at,
    ],
  );
}

/** Which of these events are on their customers' timelines already. Index: event_key. */
export async function eventsThere(tx: Sql, events: { customerId: string; event: Event }[]): Promise<Set<string>> {
  const ids = events.map((one) => one.customerId);
  const { rows } = await tx.query<{ id: string }>(
    `select event_id as "id"
       from unnest($1::smallint[], $2::uuid[], $3::float8[], $4::text[]) as given (partition, customer_id, at, event_id)
       join event e using (partition, customer_id, event_id)
      where e.at = to_timestamp(given.at / 1000.0)`,
    [
      partitionsOf(ids),
      uuidArray(ids),
      float8Array(events.map((one) => one.event.at)),
      textArray(events.map((one) => one.event.id)),
    ],
  );
  return new Set(rows.map((row) => row.id));
}

/**
 * Adds to the timeline, and answers how many it added: an event already there is left as it is. Decisions are kept by
 * `insertDecisions`, once.
 */
export async function insertEvents(tx: Sql, events: { customerId: string; event: Event }[]): Promise<number> {
  const ids = events.map((one) => one.customerId);
  const { rowCount } = await tx.query(
    `insert into event (partition, customer_id, at, event_id, body)
     select partition, customer_id, to_timestamp(at / 1000.0), event_id, body
       from unnest($1::smallint[], $2::uuid[], $3::float8[], $4::text[], $5::text[]) as given (partition, customer_id, at, event_id, body)
         on conflict do nothing`,
    [
      partitionsOf(ids),
      uuidArray(ids),
      float8Array(events.map((one) => one.event.at)),
      textArray(events.map((one) => one.event.id)),
      textArray(events.map((one) => wellFormedJson(JSON.stringify(one.event)))),
    ],
  );
  return rowCount ?? 0;
}

/** The whole timeline of one customer, oldest first: what the profile is folded from. A decision's event is its own row. */
export async function loadEvents(tx: Sql, partition: number, customerId: string): Promise<Event[]> {
  const { rows } = await tx.query<{ body: Event }>(
    "select body::json from event where partition = $1 and customer_id = $2",
    [partition, customerId],
  );
  const { rows: decided } = await tx.query<DecidedRow & { decidedFor: string }>(
    `select decision_id as "decisionId", at, policy, outcome, action, channel,
            ${readableJson("record")}->>'customerId' as "decidedFor"
       from decision where partition = $1 and customer_id = $2`,
    [partition, customerId],
  );
  const events = [
    ...rows.map((row) => withOrigin(row.body)),
    ...decided.map((row) => decidedEvent(row, row.decidedFor)),
  ];
  return events.sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
}

export type DecidedRow = {
  decisionId: string;
  at: Date;
  policy: string;
  outcome: string;
  action: string | null;
  channel: string | null;
};

/**
 * A customer's decisions as events, newest first, for the timeline: those before a time, and of that time those whose ids
 * are below `id`. Each with its time as the database keeps it. Index: decision_key.
 */
export async function decisionEventsBefore(
  db: Sql,
  page: {
    partition: number;
    customerId: string;
    before: string;
    id: string;
    channel: string | null;
    kind: string | null;
    limit: number;
  },
): Promise<{ event: Event; micros: number }[]> {
  if ((page.channel !== null && page.channel !== "hub") || (page.kind !== null && page.kind !== "decision")) return [];
  const { rows } = await db.query<DecidedRow & { micros: number }>(
    `select decision_id as "decisionId", at, policy, outcome, action, channel,
            (extract(epoch from at) * 1000000)::bigint as "micros"
       from decision
      where partition = $1 and customer_id = $2 and (at, decision_id) < ($3::timestamptz, $4::uuid)
      order by at desc, decision_id desc limit $5`,
    [page.partition, page.customerId, page.before, page.id, page.limit],
  );
  return rows.map((row) => ({ event: decidedEvent(row, page.customerId), micros: row.micros }));
}

/** The event that a decision is. */
export function decidedEvent(row: DecidedRow, decidedFor: string): Event {
  const { decisionId, policy, outcome, action, channel } = row;
  const at = row.at.getTime();
  const claims = [{ kind: "customer", value: decidedFor }];
  const properties = { decisionId, policy, outcome, ...(action ? { action, channel } : {}) };
  return {
    id: decisionId,
    kind: "decision",
    name: `decision.${outcome}`,
    at,
    receivedAt: at,
    claims,
    origin: "hub",
    source: "hub",
    channel: "hub",
    properties,
  };
}

export async function insertDecisions(tx: Sql, decisions: TakenDecision[]): Promise<void> {
  const of = <T>(read: (one: TakenDecision) => T) => decisions.map(read);
  const ids = of((one) => one.record.customerId);
  await tx.query(
    `insert into decision (partition, customer_id, decision_id, at, policy, policy_version, trigger, outcome, action, channel, record)
     select partition, customer_id, decision_id, to_timestamp(at / 1000.0), policy, policy_version, trigger, outcome, action, channel, record
       from unnest($1::smallint[], $2::uuid[], $3::uuid[], $4::float8[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[])
         as given (partition, customer_id, decision_id, at, policy, policy_version, trigger, outcome, action, channel, record)
         on conflict do nothing`,
    [
      partitionsOf(ids),
      uuidArray(ids),
      uuidArray(of((one) => one.decisionId)),
      float8Array(of((one) => one.record.at)),
      textArray(of((one) => one.record.policy.name)),
      textArray(of((one) => one.record.policy.version)),
      textArray(of((one) => one.record.event ?? "")),
      textArray(of((one) => one.record.outcome.kind)),
      textArray(of(({ record: { outcome } }) => (outcome.kind === "act" ? outcome.action : null))),
      textArray(of(({ record: { outcome } }) => (outcome.kind === "act" ? outcome.channel : null))),
      textArray(of((one) => wellFormedJson(JSON.stringify(packRecord(one.record))))),
    ],
  );
}

/** Writes messages, their first status and their place in the senders' queue. A message already there is left alone. */
export async function insertMessages(
  tx: Sql,
  messages: (PlannedMessage & { customerId: string })[],
  at: Date,
): Promise<void> {
  const of = <T>(read: (one: PlannedMessage & { customerId: string }) => T) => messages.map(read);
  await tx.query(
    `with given as (
       select * from unnest($1::smallint[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::smallint[], $8::text[], $9::text[], $10::float8[], $11::float8[], $12::json[])
         as given (partition, customer_id, message_id, decision_id, channel, purpose, lane, address, household, send_at, expires_at, body)
     ), fresh as (
       insert into message (partition, customer_id, message_id, decision_id, channel, purpose, lane, address, planned_at, body)
       select partition, customer_id, message_id, decision_id, channel, purpose, lane, address, $13, body from given
           on conflict do nothing
       returning customer_id, message_id
     )
     insert into outbox (partition, customer_id, message_id, lane, channel, purpose, address, household, not_before, expires_at, body)
     select partition, customer_id, message_id, lane, channel, purpose, address, household, to_timestamp(send_at / 1000.0), to_timestamp(expires_at / 1000.0), body
       from given join fresh using (customer_id, message_id)`,
    [
      partitionsOf(of((one) => one.customerId)),
      of((one) => one.customerId),
      of((one) => one.messageId),
      of((one) => one.decisionId),
      of((one) => one.channel),
      of((one) => one.purpose),
      of((one) => one.lane),
      of((one) => one.address),
      of((one) => one.household),
      of((one) => one.sendAt),
      of((one) => one.expiresAt),
      of(({ policy, mustSend, template, locale, variables, addressCap }) =>
        wellFormedJson(
          JSON.stringify({ policy, mustSend, template, locale, variables, ...(addressCap && { addressCap }) }),
        ),
      ),
      at,
    ],
  );
}

export type StatusRow = { customerId: string; messageId: string; status: string; at: number; detail: string | null };

/** Appends to messages' logs. The same news twice is kept once. */
export async function insertStatuses(tx: Sql, rows: StatusRow[]): Promise<void> {
  await tx.query(
    `insert into message_status (partition, customer_id, message_id, status, at, detail)
     select partition, customer_id, message_id, status, to_timestamp(at / 1000.0), detail
       from unnest($1::smallint[], $2::uuid[], $3::uuid[], $4::text[], $5::float8[], $6::json[]) as given (partition, customer_id, message_id, status, at, detail)
         on conflict do nothing`,
    [
      partitionsOf(rows.map((row) => row.customerId)),
      rows.map((row) => row.customerId),
      rows.map((row) => row.messageId),
      rows.map((row) => row.status),
      rows.map((row) => row.at),
      rows.map((row) => row.detail),
    ],
  );
}

export type KeptProfile = { partition: number; customerId: string; mergedInto: string | null; state: Profile };

/** Every profile, page by page in the order of their homes, merged customers too. Index: primary key. */
export async function profilesAfter(
  db: Sql,
  after: { partition: number; customerId: string },
  limit: number,
): Promise<KeptProfile[]> {
  const { rows } = await db.query<KeptProfile>(
    `select partition, customer_id as "customerId", merged_into as "mergedInto", state::json from customer
      where (partition, customer_id) > ($1::smallint, $2::uuid) order by partition, customer_id limit $3`,
    [after.partition, after.customerId, limit],
  );
  return rows;
}
