import type { Sql } from "./database.ts";

/**
 * What all processes agree on, once and for all: `value`, unless another was there before. Of several that settle it at
 * once, one has its way; the others wait for the end of its transaction.
 */
export async function settle<T>(tx: Sql, name: string, value: T): Promise<T> {
  await tx.query("insert into setting (name, value) values ($1, $2) on conflict do nothing", [
    name,
    JSON.stringify(value),
  ]);
  const { rows } = await tx.query<{ value: T }>("select value from setting where name = $1", [name]);
  return rows[0]?.value ?? value;
}

/** The setting as it stands, locked until the transaction ends; null when it was never settled. */
export async function holdSetting<T>(tx: Sql, name: string): Promise<T | null> {
  const { rows } = await tx.query<{ value: T }>("select value from setting where name = $1 for update", [name]);
  return rows[0]?.value ?? null;
}

export async function saveSetting<T>(tx: Sql, name: string, value: T): Promise<void> {
  await tx.query("update setting set value = $2 where name = $1", [name, JSON.stringify(value)]);
}
