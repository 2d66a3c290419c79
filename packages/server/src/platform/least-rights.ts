import { createHmac } from "node:crypto";
import pg from "pg";

/** The role that the hub works as: it reads and writes rows, and can neither change the schema nor unwrite the audit log. */
export const APP_ROLE = "rapport_app";

/**
 * After migration, the address under which the hub is to work: that of a role with no more rights than it needs. Given the
 * address of an owner or a superuser, the role is made (or brought up to date) and used; the address of a role that owns nothing is
 * used as it is. Where the role cannot be made or may not sign in, the given address is used, and `log` says so.
 */
export async function withLeastRights(url: string, log: (line: string) => void): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    if (!(await mayChangeSchema(client))) return url;
    const password = passwordOf(url);
    await makeRole(client, password);
    const restricted = new URL(url);
    restricted.username = APP_ROLE;
    restricted.password = password;
    await signIn(restricted.href);
    return restricted.href;
  } catch (fault) {
    log(
      `the database is used with more rights than needed: ${(fault as Error).message} (docs/security.md, "Database")`,
    );
    return url;
  } finally {
    await client.end();
  }
}

async function mayChangeSchema(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ may: boolean }>(
    `select pg_has_role(current_user, relowner, 'usage') as may from pg_class where oid = 'ingest_batch'::regclass`,
  );
  return rows[0]?.may ?? false;
}

/** The same for every process that is given the owner's address, and of no use to find the owner's password. */
const passwordOf = (url: string): string =>
  createHmac("sha256", new URL(url).password).update(APP_ROLE).digest("base64url");

async function makeRole(client: pg.Client, password: string): Promise<void> {
  await client.query("begin");
  await client.query("select pg_advisory_xact_lock(11, 0)");
  const { rows } = await client.query("select 1 from pg_roles where rolname = $1", [APP_ROLE]);
  const secret = client.escapeLiteral(password);
  const terms = "login nosuperuser nocreatedb nocreaterole noreplication nobypassrls";
  if (rows.length === 0) await client.query(`create role ${APP_ROLE} ${terms} password ${secret}`);
  else await client.query(`alter role ${APP_ROLE} ${terms} password ${secret}`);
  await client.query(GRANTS);
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

async function signIn(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.end();
}
