import type { Sql } from "../database.ts";

export type Lease = { name: string; token: number };

/**
 * Takes or renews leases by name for `owner`, those that are free, lapsed or already ours. Time is the database's, the one
 * clock all processes share. A change of owner raises the token, which fences the owner before.
 */
export async function takeLeases(db: Sql, names: string[], owner: string, seconds: number): Promise<Lease[]> {
  const { rows } = await db.query<Lease>(
    `insert into lease (name, owner, token, expires_at)
     select name, $2, 1, clock_timestamp() + make_interval(secs => $3)
       from unnest($1::text[]) as name order by name
         on conflict (name) do update
        set owner = excluded.owner,
            token = lease.token + (lease.owner <> excluded.owner)::int,
            expires_at = excluded.expires_at
      where lease.owner = excluded.owner or lease.expires_at < clock_timestamp()
     returning name, token`,
    [names, owner, seconds],
  );
  return rows;
}

export async function dropLeases(db: Sql, names: string[], owner: string): Promise<void> {
  await db.query("update lease set expires_at = '-infinity' where name = any($1::text[]) and owner = $2", [
    names,
    owner,
  ]);
}

/** Owners that hold a live lease whose name begins so, with how many each: by these the others know their fair share. */
export async function countOwners(db: Sql, prefix: string): Promise<{ owner: string; held: number }[]> {
  const { rows } = await db.query<{ owner: string; held: number }>(
    `select owner, count(*) as "held" from lease
      where name like $1 || '%' and expires_at > clock_timestamp()
      group by owner order by owner`,
    [prefix],
  );
  return rows;
}

/** Whether this lease is still ours, inside the transaction that depends on it. */
export async function holdsLease(tx: Sql, lease: Lease): Promise<boolean> {
  const { rows } = await tx.query("select 1 as held from lease where name = $1 and token = $2 for key share", [
    lease.name,
    lease.token,
  ]);
  return rows.length > 0;
}

export async function listLeases(db: Sql, prefix: string): Promise<{ name: string; owner: string; live: boolean }[]> {
  const { rows } = await db.query<{ name: string; owner: string; live: boolean }>(
    `select name, owner, expires_at > clock_timestamp() as "live" from lease where name like $1 || '%' order by name`,
    [prefix],
  );
  return rows;
}
