import type { Sql } from "../../platform/database.ts";
import { readableJson } from "../../platform/readable-json.ts";
import type { Claimed } from "../store.ts";

export type PolicyHour = { policy: string; hour: Date; messages: number };

/** Adds what was handed off to the hours it was handed off in. Index: primary key. */
export async function addPolicyHours(db: Sql, hours: PolicyHour[]): Promise<void> {
  await db.query(
    `insert into policy_hour as known (policy, hour, messages)
     select * from unnest($1::text[], $2::timestamptz[], $3::bigint[]) as given (policy, hour, messages) order by 1, 2
         on conflict (policy, hour) do update set messages = known.messages + excluded.messages`,
    [hours.map((one) => one.policy), hours.map((one) => one.hour), hours.map((one) => one.messages)],
  );
}

/** What these policies handed off in the hours after `since`. Index: primary key. */
export async function sentSince(db: Sql, policies: string[], since: Date): Promise<{ policy: string; sent: number }[]> {
  const { rows } = await db.query<{ policy: string; sent: number }>(
    `select policy, sum(messages)::bigint as "sent" from policy_hour
      where policy = any($1::text[]) and hour > $2 group by policy`,
    [policies, since],
  );
  return rows;
}

/**
 * The most that a policy handed off within any twenty-four hours up to `until`, and what it was paused at and resumed
 * after: somebody has seen that, and it is usual from then on. Indexes: policy_hour_key, policy_pause_by_policy.
 */
export async function mostBefore(db: Sql, policy: string, until: Date): Promise<number> {
  const { rows } = await db.query<{ most: number }>(
    `select greatest(
              (select max(day) from (
                 select sum(messages) over (order by hour range between interval '23 hours' preceding and current row) as day
                   from policy_hour where policy = $1 and hour <= $2) days),
              (select max(sent) from policy_pause where policy = $1 and resumed_at is not null),
              0)::bigint as "most"`,
    [policy, until],
  );
  return rows[0]?.most ?? 0;
}

/** Index: policy_hour_by_age. */
export async function forgetPolicyHours(db: Sql, before: Date): Promise<void> {
  await db.query("delete from policy_hour where hour < $1", [before]);
}

/** Pauses a policy, unless it is paused. Index: policy_pause_in_force. */
export async function insertPause(
  db: Sql,
  pause: { policy: string; since: Date; sent: number; most: number },
): Promise<void> {
  await db.query(
    "insert into policy_pause (policy, since, sent, most) values ($1, $2, $3, $4) on conflict do nothing",
    [pause.policy, pause.since, pause.sent, pause.most],
  );
}

/** The policies that are paused. Index: policy_pause_in_force. */
export async function pausedPolicies(db: Sql): Promise<string[]> {
  const { rows } = await db.query<{ policy: string }>("select policy from policy_pause where resumed_at is null");
  return rows.map((row) => row.policy);
}

export type Pause = { policy: string; since: Date; sent: number; most: number; waiting: number };

/** The pauses in force, the latest first, with how many messages wait for each. Indexes: policy_pause_in_force, outbox_held. */
export async function pausesInForce(db: Sql): Promise<Pause[]> {
  const { rows } = await db.query<Pause>(
    `select p.policy, p.since, p.sent, p.most, count(o.held_for)::int as "waiting"
       from policy_pause p left join outbox o on o.held_for = p.policy
      where p.resumed_at is null group by p.pause_id order by p.since desc, p.policy`,
  );
  return rows;
}

/** Ends a pause. Answers whether there was one. Index: policy_pause_in_force. */
export async function endPause(tx: Sql, policy: string, at: Date, by: string): Promise<boolean> {
  const { rowCount } = await tx.query(
    "update policy_pause set resumed_at = $2, resumed_by = $3 where policy = $1 and resumed_at is null",
    [policy, at, by],
  );
  return (rowCount ?? 0) > 0;
}

/** Whether a policy is paused; that it stays so until this transaction ends. Index: policy_pause_in_force. */
export async function holdPause(tx: Sql, policy: string): Promise<boolean> {
  const { rowCount } = await tx.query(
    "select 1 from policy_pause where policy = $1 and resumed_at is null for no key update",
    [policy],
  );
  return (rowCount ?? 0) > 0;
}

/** Puts messages of paused policies back until their time is over. That they were claimed is no try. Index: outbox_key. */
export async function holdMessages(
  tx: Sql,
  messages: Pick<Claimed, "partition" | "customerId" | "messageId" | "body">[],
): Promise<void> {
  await tx.query(
    `update outbox o set state = 'waiting', claimed_by = null, claimed_at = null, attempt = o.attempt - 1,
            not_before = o.expires_at, held_for = given.policy
       from unnest($1::smallint[], $2::uuid[], $3::uuid[], $4::text[]) as given (partition, customer_id, message_id, policy)
      where o.partition = given.partition and o.customer_id = given.customer_id and o.message_id = given.message_id`,
    [
      messages.map((one) => one.partition),
      messages.map((one) => one.customerId),
      messages.map((one) => one.messageId),
      messages.map((one) => one.body.policy),
    ],
  );
}

/** Lets go of messages whose policy is not paused any more, so many at most. Answers how many. Index: outbox_held. */
export async function releaseHeld(db: Sql, now: Date, most: number): Promise<number> {
  const { rowCount } = await db.query(
    `with free as (
       select partition, customer_id, message_id from outbox
        where held_for is not null and state = 'waiting'
          and not exists (select from policy_pause where policy = held_for and resumed_at is null)
        limit $2 for update skip locked
     )
     update outbox o set held_for = null, not_before = least(o.expires_at, $1) from free
      where o.partition = free.partition and o.customer_id = free.customer_id and o.message_id = free.message_id`,
    [now, most],
  );
  return rowCount ?? 0;
}

/** Holds what a policy has planned for later, too. Reads the whole outbox: for what a person asks, once. */
export async function holdPlanned(tx: Sql, policy: string): Promise<void> {
  await tx.query(
    `update outbox set held_for = $1, not_before = expires_at
      where state = 'waiting' and held_for is null and ${readableJson("body")}->>'policy' = $1
        and lane > 0 and purpose <> 'life-safety'`,
    [policy],
  );
}

/** Takes messages that wait for a paused policy out of the queue, so many at most. Index: outbox_held. */
export async function takeHeld(tx: Sql, policy: string, most: number): Promise<Claimed[]> {
  const { rows } = await tx.query<Claimed>(
    `with held as (
       select partition, customer_id, message_id from outbox
        where held_for = $1 and state = 'waiting' limit $2 for update skip locked
     )
     delete from outbox o using held
      where o.partition = held.partition and o.customer_id = held.customer_id and o.message_id = held.message_id
     returning o.partition, o.customer_id as "customerId", o.message_id as "messageId", o.lane, o.channel, o.purpose,
               o.address, o.household, o.expires_at as "expiresAt", o.attempt, o.body, null as "profile"`,
    [policy, most],
  );
  return rows;
}
