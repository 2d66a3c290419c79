import type pg from "pg";

/** The role that the hub works as: it reads and writes rows, and can neither change the schema nor unwrite the audit log. */
export const APP_ROLE = "rapport_app";

export async function mayChangeSchema(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ may: boolean }>(
    `select pg_has_role(current_user, relowner, 'usage') as may from pg_class where oid = 'ingest_batch'::regclass`,
  );
  return rows[0]?.may ?? false;
}

/** Makes the role, or gives it this password and the rights of this version. Several processes may do so at once. */
export async function makeRole(client: pg.Client, password: string): Promise<void> {
  await client.query("begin");
  await client.query("select pg_advisory_xact_lock(11, 0)");
  const { rows } = await client.query("select 1 from pg_roles where rolname = $1", [APP_ROLE]);
  const secret = client.escapeLiteral(password);
  const terms = "login nosuperuser nocreatedb nocreaterole noreplication nobypassrls";
  if (rows.length === 0) await client.query(`create role ${APP_ROLE} ${terms} password ${secret}`);
  else await client.query(`alter role ${APP_ROLE} ${terms} password ${secret}`);
  await client.query(GRANTS);
  await client.query(NO_TEMPORARY_TABLES);
  await client.query("commit");
}

/** The audit log is only ever added to; what was migrated is only ever read. */
const GRANTS = `
  grant usage on schema public to ${APP_ROLE};
  revoke create on schema public from ${APP_ROLE};
  grant select, insert, update, delete on all tables in schema public to ${APP_ROLE};
  grant usage, select on all sequences in schema public to ${APP_ROLE};
  revoke update, delete, truncate on audit from ${APP_ROLE};
  revoke insert, update, delete, truncate on migration from ${APP_ROLE};
`;

/** Every role may make temporary tables, unless that is taken from all of them: the owner keeps it, being the owner. */
const NO_TEMPORARY_TABLES = `
  do $$ begin
    execute format('revoke temporary on database %I from public, ${APP_ROLE}', current_database());
  end $$;
`;
