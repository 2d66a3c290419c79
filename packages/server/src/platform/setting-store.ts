import type { Sql } from "./database.ts";

/**
 * What all processes agree on, once and for all: `value`, unless another was there before. Of several that settle it at
 * once, one has its way; the others wait for the end of its transaction.
 */
export async function settle<T extends string>(tx: Sql, name: string, value: T): Promise<T> {
  await tx.query("insert into setting (name, value) values ($1, $2) on conflict do nothing", [
    name,
    JSON.stringify(value),
  ]);
  const { rows } = await tx.query<{ value: T }>("select value from setting where name = $1", [name]);
  return rows[0]?.value ?? value;
}
