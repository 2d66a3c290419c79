import type { UsagePrior } from "@rapport/engine/forecast/index";
import type { Profile } from "@rapport/engine/profile/index";

import type { Sql } from "../platform/database.ts";

export async function insertPack(
  db: Sql,
  pack: { name: string; version: string; body: unknown; at: Date },
): Promise<void> {
  await db.query("update pack set active = false where name = $1", [pack.name]);
  await db.query(
    `insert into pack (name, version, active, body, installed_at) values ($1, $2, true, $3, $4)
         on conflict (name, version) do update set active = true, body = excluded.body, installed_at = excluded.installed_at`,
    [pack.name, pack.version, JSON.stringify(pack.body), pack.at],
  );
}

export async function activePacks(db: Sql): Promise<{ name: string; body: unknown }[]> {
  const { rows } = await db.query<{ name: string; body: unknown }>(
    "select name, body from pack where active order by name",
  );
  return rows;
}

export async function loadPriors(db: Sql): Promise<Record<string, UsagePrior>> {
  const { rows } = await db.query<{ name: string; body: UsagePrior }>("select name, body from usage_prior");
  return Object.fromEntries(rows.map((row) => [row.name, row.body]));
}

export async function savePrior(db: Sql, name: string, prior: UsagePrior, at: Date): Promise<void> {
  await db.query(
    `insert into usage_prior (name, body, learned_at) values ($1, $2, $3)
         on conflict (name) do update set body = excluded.body, learned_at = excluded.learned_at`,
    [name, JSON.stringify(prior), at],
  );
}

/** A sample of customers to learn from: by partition and id, which is no order that means anything. Index: primary key. */
export async function sampleProfiles(db: Sql, most: number): Promise<Profile[]> {
  const { rows } = await db.query<{ state: Profile }>(
    "select state::json from customer where merged_into is null order by partition, customer_id limit $1",
    [most],
  );
  return rows.map((row) => row.state);
}
