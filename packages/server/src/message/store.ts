import type { AddressCap } from "@rapport/engine/loop/index";
import type { Profile } from "@rapport/engine/profile/index";

import type { Sql } from "../platform/database.ts";

/** A message taken from the senders' queue, with its customer as known at this moment. */
export type Claimed = {
  partition: number;
  customerId: string;
  messageId: string;
  lane: number;
  channel: "email" | "sms";
  purpose: "marketing" | "service" | "survey" | "profiling" | "life-safety";
  address: string;
  household: string | null;
  expiresAt: Date;
  attempt: number;
  body: MessageBody;
  profile: Profile | null;
};

/** What the message is to say: a template of a pack with its variables, or words written by a person. */
export type MessageBody =
  | {
      kind?: "template";
      policy: string | null;
      mustSend: boolean;
      template: string;
      locale: string;
      variables: Record<string, unknown>;
      addressCap?: AddressCap;
    }
  | { kind: "direct"; policy: null; mustSend: boolean; locale: string; subject: string | null; text: string };

/** Takes the most urgent messages whose time has come. Index: outbox_waiting. */
export async function claimWaiting(
  tx: Sql,
  asked: { channel: string; lanes: readonly [from: number, to: number]; owner: string; now: Date; most: number },
): Promise<Claimed[]> {
  const { rows } = await tx.query<Claimed>(
    `with due as (
       select partition, customer_id, message_id from outbox
        where state = 'waiting' and lane between $5 and $6 and channel = $1 and not_before <= $2
        order by lane, not_before
        limit $3
          for update skip locked
     ), claimed as (
       update outbox o set state = 'sending', claimed_by = $4, claimed_at = clock_timestamp(), attempt = o.attempt + 1
         from due
        where o.partition = due.partition and o.customer_id = due.customer_id and o.message_id = due.message_id
       returning o.*
     )
     select o.partition, o.customer_id as "customerId", o.message_id as "messageId", o.lane, o.channel, o.purpose, o.address,
            o.household, o.expires_at as "expiresAt", o.attempt, o.body, c.state::json as "profile"
       from claimed o
       left join customer c on c.partition = o.partition and c.customer_id = o.customer_id
      order by o.lane, o.not_before`,
    [asked.channel, asked.now, asked.most, asked.owner, ...asked.lanes],
  );
  return rows;
}

/** Messages whose sender died between claim and record. Index: outbox_sending. */
export async function claimAbandoned(
  tx: Sql,
  owner: string,
  seconds: number,
): Promise<(Claimed & { claimedBy: string })[]> {
  const { rows } = await tx.query<Claimed & { claimedBy: string }>(
    `select partition, customer_id as "customerId", message_id as "messageId", lane, channel, purpose, address, household,
            expires_at as "expiresAt", attempt, body, null as "profile", claimed_by as "claimedBy"
       from outbox
      where state = 'sending' and claimed_at < clock_timestamp() - make_interval(secs => $2) and claimed_by <> $1
        for update skip locked`,
    [owner, seconds],
  );
  return rows;
}

export type MessageKey = { partition: number; customerId: string; messageId: string };
const keysOf = (keys: MessageKey[]): unknown[] => [
  keys.map((one) => one.partition),
  keys.map((one) => one.customerId),
  keys.map((one) => one.messageId),
];

export async function deleteOutbox(tx: Sql, keys: MessageKey[]): Promise<void> {
  await tx.query(
    `delete from outbox o using unnest($1::smallint[], $2::uuid[], $3::uuid[]) as done (partition, customer_id, message_id)
      where o.partition = done.partition and o.customer_id = done.customer_id and o.message_id = done.message_id`,
    keysOf(keys),
  );
}

/** Puts messages back to be tried at the times given. */
export async function postpone(tx: Sql, later: (MessageKey & { at: number })[]): Promise<void> {
  await tx.query(
    `update outbox o set state = 'waiting', claimed_by = null, claimed_at = null, not_before = to_timestamp(given.at / 1000.0)
       from unnest($1::smallint[], $2::uuid[], $3::uuid[], $4::float8[]) as given (partition, customer_id, message_id, at)
      where o.partition = given.partition and o.customer_id = given.customer_id and o.message_id = given.message_id`,
    [...keysOf(later), later.map((one) => one.at)],
  );
}

/** The customer who has this identifier now. Index: identifier_key. */
export async function findHolder(db: Sql, kind: string, value: string): Promise<string | null> {
  const { rows } = await db.query<{ customerId: string }>(
    `select customer_id as "customerId" from identifier where kind = $1 and value = $2`,
    [kind, value],
  );
  return rows[0]?.customerId ?? null;
}

/** Counts what a household got since, and adds this message when there is room: one at a time per household. */
export async function spendHousehold(
  tx: Sql,
  spend: { household: string; messageId: string; at: Date; since: Date; limit: number },
): Promise<boolean> {
  await tx.query("select pg_advisory_xact_lock(8, hashtext($1))", [spend.household]);
  const { rowCount } = await tx.query(
    `insert into household_contact (household, message_id, at)
     select $1, $2, $3
      where (select count(*) from household_contact where household = $1 and at > $4 and message_id <> $2) < $5
         on conflict do nothing`,
    [spend.household, spend.messageId, spend.at, spend.since, spend.limit],
  );
  return (rowCount ?? 0) > 0;
}

/** Who belongs to these households, so many of each at most. Index: household_member_key. */
export async function findMembers(
  tx: Sql,
  households: string[],
  most: number,
): Promise<{ household: string; customerId: string }[]> {
  const { rows } = await tx.query<{ household: string; customerId: string }>(
    `select asked.household, m.customer_id as "customerId"
       from unnest($1::text[]) as asked (household)
       join lateral (select customer_id from household_member where household = asked.household order by customer_id limit $2) m on true`,
    [households, most],
  );
  return rows;
}

/** Messages whose time has come and that are not recorded as sent, by channel, with the time the oldest came due. */
export async function unsentByChannel(
  db: Sql,
  now: Date,
): Promise<{ channel: string; unsent: number; oldest: Date }[]> {
  const { rows } = await db.query<{ channel: string; unsent: number; oldest: Date }>(
    `select channel, count(*) as "unsent", min(not_before) as "oldest" from outbox where not_before <= $1
      group by channel order by channel`,
    [now],
  );
  return rows;
}

/** Whether anything is still to be handed off at `now`: due, or under way. */
export async function hasUnsent(db: Sql, now: Date): Promise<boolean> {
  const { rows } = await db.query("select 1 as due from outbox where state = 'sending' or not_before <= $1 limit 1", [
    now,
  ]);
  return rows.length > 0;
}

/** The words of a message as they were handed off. Index: message_status_key. */
export async function findSaid(
  db: Sql,
  partition: number,
  customerId: string,
  messageId: string,
): Promise<string | null> {
  const { rows } = await db.query<{ detail: { text?: string } | null }>(
    `select detail from message_status
      where partition = $1 and customer_id = $2 and message_id = $3 and status = 'sent'`,
    [partition, customerId, messageId],
  );
  return rows[0]?.detail?.text ?? null;
}

/** Whom a person writes to; null when there is no such customer, or it is part of another now. Index: customer_key. */
export async function findAddressee(db: Sql, partition: number, customerId: string): Promise<Profile | null> {
  const { rows } = await db.query<{ state: Profile }>(
    "select state::json from customer where partition = $1 and customer_id = $2 and merged_into is null",
    [partition, customerId],
  );
  return rows[0]?.state ?? null;
}

/** Puts a message that a person wrote into the senders' queue, once. */
export async function insertDirect(
  tx: Sql,
  row: {
    partition: number;
    customerId: string;
    messageId: string;
    lane: number;
    channel: string;
    purpose: string;
    address: string;
    at: Date;
    expiresAt: Date;
    body: MessageBody;
  },
): Promise<void> {
  await tx.query(
    `with fresh as (
       insert into message (partition, customer_id, message_id, lane, channel, purpose, address, planned_at, body)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $10)
           on conflict do nothing
       returning partition, customer_id, message_id, lane, channel, purpose, address, planned_at, body
     )
     insert into outbox (partition, customer_id, message_id, lane, channel, purpose, address, not_before, expires_at, body)
     select partition, customer_id, message_id, lane, channel, purpose, address, planned_at, $9::timestamptz, body from fresh`,
    [
      row.partition,
      row.customerId,
      row.messageId,
      row.lane,
      row.channel,
      row.purpose,
      row.address,
      row.at,
      row.expiresAt,
      JSON.stringify(row.body),
    ],
  );
}
