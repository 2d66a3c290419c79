import type { Sql } from "./database.ts";

export async function findSetting(db: Sql, name: string): Promise<unknown> {
  const { rows } = await db.query<{ value: unknown }>("select value from setting where name = $1", [name]);
  return rows[0]?.value ?? null;
}

export async function saveSetting(db: Sql, name: string, value: unknown): Promise<void> {
  await db.query(
    "insert into setting (name, value) values ($1, $2) on conflict (name) do update set value = excluded.value",
    [name, JSON.stringify(value)],
  );
}
