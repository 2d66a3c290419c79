import type { Sql } from "../../platform/database.ts";

/** Holds these addresses against a suppression until the transaction ends, so that none is written to after an opt-out was acknowledged. */
export async function holdAddresses(tx: Sql, locks: number[]): Promise<void> {
  await tx.query(
    "select pg_advisory_xact_lock_shared(7, lock) from (select distinct unnest($1::int[]) as lock order by 1) held",
    [locks],
  );
}

export async function findSuppressed(
  tx: Sql,
  channel: string,
  hashes: Buffer[],
): Promise<{ hash: string; scope: string; reason: string }[]> {
  const { rows } = await tx.query<{ hash: string; scope: string; reason: string }>(
    `select encode(address_hash, 'hex') as "hash", scope, reason from suppression where channel = $1 and address_hash = any($2::bytea[])`,
    [channel, hashes],
  );
  return rows;
}

/** Waits for every hand-off to this address that has begun, and lets none begin until the transaction ends. */
export async function closeAddress(tx: Sql, lock: number): Promise<void> {
  await tx.query("select pg_advisory_xact_lock(7, $1::int)", [lock]);
}

export async function insertSuppression(
  tx: Sql,
  row: { channel: string; hash: Buffer; scope: string; cause: string; reason: string; at: Date },
): Promise<void> {
  await tx.query(
    `insert into suppression (channel, address_hash, scope, cause, reason, at) values ($1, $2, $3, $4, $5, $6)
         on conflict (channel, address_hash, scope, cause) do nothing`,
    [row.channel, row.hash, row.scope, row.cause, row.reason, row.at],
  );
}

/** Lifts what an opt-out did; an address that bounced or complained stays closed. */
export async function deleteOptOuts(tx: Sql, channel: string, hash: Buffer): Promise<void> {
  await tx.query("delete from suppression where channel = $1 and address_hash = $2 and cause = 'opt-out'", [
    channel,
    hash,
  ]);
}
