import type { Sql } from "../../platform/database.ts";

export type AddressSpend = { addressHash: Buffer; cause: string; messageId: string; since: Date; limit: number };

/**
 * Counts messages against what may go to their addresses for one cause. Answers those that may go; one that was counted before
 * may. Under a lock by address and cause, so that senders of several processes count one after the other.
 */
export async function spendAddresses(tx: Sql, at: Date, spends: AddressSpend[]): Promise<Set<string>> {
  const hashes = spends.map((one) => one.addressHash);
  const causes = spends.map((one) => one.cause);
  await tx.query(
    `select pg_advisory_xact_lock(10, key)
       from (select distinct hashtext(encode(hash, 'hex') || cause) as key
               from unnest($1::bytea[], $2::text[]) as given (hash, cause) order by 1) as keys`,
    [hashes, causes],
  );
  const { rows } = await tx.query<{ messageId: string }>(
    `with given as (
       select *, row_number() over (partition by address_hash, cause order by place) as nth
         from unnest($1::bytea[], $2::text[], $3::uuid[], $4::timestamptz[], $5::int[])
           with ordinality as given (address_hash, cause, message_id, since, most, place)
     ), counted as (
       select message_id from given join address_use using (address_hash, cause, message_id)
     ), fresh as (
       insert into address_use (address_hash, cause, message_id, at)
       select address_hash, cause, message_id, $6 from given
        where message_id not in (select message_id from counted)
          and nth + (select count(*) from address_use u
                      where u.address_hash = given.address_hash and u.cause = given.cause and u.at > given.since) <= most
       returning message_id
     )
     select message_id as "messageId" from counted union all select message_id from fresh`,
    [
      hashes,
      causes,
      spends.map((one) => one.messageId),
      spends.map((one) => one.since),
      spends.map((one) => one.limit),
      at,
    ],
  );
  return new Set(rows.map((row) => row.messageId));
}

/** Index: address_use_by_age. */
export async function forgetAddressUse(db: Sql, before: Date): Promise<void> {
  await db.query("delete from address_use where at < $1", [before]);
}
