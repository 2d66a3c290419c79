import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import pg from "pg";

import { withLeastRights } from "./least-rights.ts";
import { openTestDatabase, type TestDatabase } from "../test-database.ts";

let database: TestDatabase;
let client: pg.Client;
const told: string[] = [];
before(async () => {
  database = await openTestDatabase();
  client = new pg.Client({ connectionString: await withLeastRights(database.url, (line) => told.push(line)) });
  await client.connect();
});
after(async () => {
  await client.end();
  await database.drop();
});

test("the role that the hub works as reads and writes rows", async () => {
  assert.deepEqual(told, []);
  await client.query("insert into setting (name, value) values ('x', '1')");
  await client.query("update setting set value = '2' where name = 'x'");
  await client.query("delete from setting where name = 'x'");
  await client.query("insert into ingest_batch (received_at, events, body) values (now(), 0, '')");
});

for (const statement of [
  "create table stolen (a int)",
  "drop table customer",
  "alter table customer add column a int",
  "create index stolen on customer (name)",
  "truncate customer",
  "drop trigger audit_is_append_only on audit",
  "alter table audit disable trigger all",
  "update audit set actor = 'nobody'",
  "delete from audit",
  "delete from migration",
  "create role another superuser",
  "copy customer to program 'cat'",
  "select pg_read_file('/etc/passwd')",
  "set role postgres",
  "create extension adminpack",
  "create temporary table stolen (a int)",
  "create schema stolen",
  "create function stolen() returns int language sql as 'select 1'",
  "create view stolen as select 1",
  "create sequence stolen",
  "alter role current_user createdb",
  "alter role current_user superuser",
  "set session_replication_role = replica",
  "select lo_import('/etc/hostname')",
  "create database stolen",
  "truncate audit",
  "insert into migration (name) values ('x')",
  "alter table audit owner to current_user",
  "do $$ begin lock table audit in access exclusive mode; end $$",
  "create publication stolen for all tables",
  "select pg_ls_dir('.')",
])
  test(`and may not: ${statement}`, () => assert.rejects(client.query(statement), { code: /^(42501|0A000|58P01)$/ }));

test("an owner's address without a password makes no role, and the log says what to do", async () => {
  const open = new URL(database.url);
  open.password = "";
  const lines: string[] = [];
  const used = await withLeastRights(open.href, (line) => lines.push(line)).catch((fault: Error) => fault);
  // A server that asks for a password lets nobody in so far; one that does not is used as it is.
  if (used instanceof Error) assert.match(used.message, /password/);
  else assert.deepEqual([used, /MIGRATION_URL/.test(lines.join())], [open.href, true]);
});

test("an address that owns nothing is used as it is", async () => {
  const restricted = await withLeastRights(database.url, () => undefined);
  assert.equal(await withLeastRights(restricted, () => undefined), restricted);
});
