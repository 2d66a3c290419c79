import { createHmac } from "node:crypto";
import pg from "pg";

import { APP_ROLE, makeRole, mayChangeSchema } from "./store.ts";

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
    // A role's password made of nothing would be one that anybody can make.
    if (new URL(url).password === "") throw new Error("its address has no password, so give MIGRATION_URL as well");
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

/** The same for every process that is given the owner's address, and of no use to find the owner's password. */
const passwordOf = (url: string): string =>
  createHmac("sha256", new URL(url).password).update(APP_ROLE).digest("base64url");

async function signIn(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.end();
}
