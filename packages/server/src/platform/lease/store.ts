import type { Sql } from "../database.ts";

export type Lease = { name: string; token: number };

/** Makes sure that these leases are there to be taken. */
export async function registerLeases(db: Sql, names: string[]): Promise<void> {
  await db.query(
    `insert into lease (name, owner, token, expires_at)
     select name, '', 0, '-infinity' from unnest($1::text[]) as name order by name
         on conflict do nothing`,
    [names],
  );
}

/**
 * Renews those of these leases that are `owner`'s. Time is the database's, the one clock all processes share. Touches no
 * key, so it waits for no transaction that goes on under the lease (`holdsLease`).
 */
export async function renewLeases(db: Sql, names: string[], owner: string, seconds: number): Promise<Lease[]> {
  const { rows } = await db.query<Lease>(
    `update lease set expires_at = clock_timestamp() + make_interval(secs => $3)
      where name = any($1::text[]) and owner = $2
     returning name, token`,
    [names, owner, seconds],
  );
  return rows;
}

/**
 * Takes those of these leases that are free or have lapsed, `most` at most. The token grows, which fences the owner
 * before; a lease under which a transaction of that owner is still open is left for the next round.
 */
export async function takeLeases(
  db: Sql,
  names: string[],
  owner: string,
  seconds: number,
  most: number,
): Promise<Lease[]> {
  const { rows } = await db.query<Lease>(
    `with free as (
       select name from lease where name = any($1::text[]) and expires_at < clock_timestamp()
        order by name limit $4
          for update skip locked
     )
     update lease set owner = $2, token = token + 1, expires_at = clock_timestamp() + make_interval(secs => $3)
       from free where lease.name = free.name
     returning lease.name, token`,
    [names, owner, seconds, most],
  );
  return rows;
}

export async function dropLeases(db: Sql, names: string[], owner: string): Promise<void> {
  await db.query("update lease set expires_at = '-infinity' where name = any($1::text[]) and owner = $2", [
    names,
    owner,
  ]);
}

/** Says that `owner` is here and wants a share of the leases of this prefix; forgets those who said so long ago. */
export async function announceOwner(db: Sql, prefix: string, owner: string, seconds: number): Promise<void> {
  await db.query(
    `with gone as (delete from lease where name like $1 || ':%' and expires_at < clock_timestamp() - interval '1 hour')
     insert into lease (name, owner, token, expires_at)
     values ($1 || ':' || $2, $2, 1, clock_timestamp() + make_interval(secs => $3))
         on conflict (name) do update set expires_at = excluded.expires_at`,
    [prefix, owner, seconds],
  );
}

/** How many live owners want a share, those that hold nothing yet included. */
export async function countOwners(db: Sql, prefix: string): Promise<number> {
  const { rows } = await db.query<{ owners: number }>(
    "select count(*) as owners from lease where name like $1 || ':%' and expires_at > clock_timestamp()",
    [prefix],
  );
  return rows[0]?.owners ?? 0;
}

/**
 * Which of these leases are still ours, by name, inside the transaction that depends on them. Until that ends nobody else
 * can take them: the key-share lock bars `takeLeases`, and lets `renewLeases` pass.
 */
export async function leasesHeld(tx: Sql, leases: Lease[]): Promise<Set<string>> {
  const { rows } = await tx.query<{ name: string }>(
    `select name from unnest($1::text[], $2::bigint[]) as ours (name, token) join lease using (name, token)
        for key share of lease`,
    [leases.map((lease) => lease.name), leases.map((lease) => lease.token)],
  );
  return new Set(rows.map((row) => row.name));
}

/** Whether this one lease is still ours: `leasesHeld`. */
export const holdsLease = async (tx: Sql, lease: Lease): Promise<boolean> => (await leasesHeld(tx, [lease])).size > 0;
