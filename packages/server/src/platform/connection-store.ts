import type { Sql } from "./database.ts";

/** Whether another process of ours is connected to this database: its `application_name` begins as ours do, and is not ours. */
export async function isShared(db: Sql, ownName: string): Promise<boolean> {
  const { rows } = await db.query(
    "select 1 as other from pg_stat_activity where application_name ~ '^rapport \\d+' and application_name not like $1 || '%' limit 1",
    [ownName],
  );
  return rows.length > 0;
}
