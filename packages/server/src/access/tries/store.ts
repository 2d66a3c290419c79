import type { Sql } from "../../platform/database.ts";

export type Limit = { most: number; windowMs: number };

/** Puts one try into a bucket, if it has room; of any number at once no more get in than it holds. Index: primary key. */
export async function addTry(
  db: Sql,
  keyHash: Buffer,
  now: Date,
  { most, windowMs }: Limit,
): Promise<{ isFull: boolean }> {
  const { rows } = await db.query<{ isFull: boolean }>(
    `insert into sign_in_try as known (key_hash, level, is_full, at) values ($1, 1, false, $2)
         on conflict (key_hash) do update set
            (level, is_full, at) = (
              select left_over + case when left_over + 1 > $3 then 0 else 1 end, left_over + 1 > $3, $2
                from (select greatest(0, known.level - greatest(0, extract(epoch from $2 - known.at)::float8) * $4) as left_over) leaked)
      returning is_full as "isFull"`,
    [keyHash, now, most, (most / windowMs) * 1_000],
  );
  return rows[0] ?? { isFull: true };
}

/** Index: primary key. */
export async function isKnown(db: Sql, keyHash: Buffer, now: Date): Promise<boolean> {
  const { rows } = await db.query("select 1 as known from sign_in_try where key_hash = $1 and known_until > $2", [
    keyHash,
    now,
  ]);
  return rows.length > 0;
}

/** Empties a bucket, and remembers that this account signs in from this peer. */
export async function emptyTries(db: Sql, keyHash: Buffer, now: Date, knownUntil: Date): Promise<void> {
  await db.query(
    `insert into sign_in_try (key_hash, level, is_full, at, known_until) values ($1, 0, false, $2, $3)
         on conflict (key_hash) do update set level = 0, is_full = false, at = excluded.at, known_until = excluded.known_until`,
    [keyHash, now, knownUntil],
  );
}

/** Index: sign_in_try_by_age. */
export async function forgetTries(db: Sql, before: Date, now: Date): Promise<void> {
  await db.query("delete from sign_in_try where at < $1 and (known_until is null or known_until < $2)", [before, now]);
}
