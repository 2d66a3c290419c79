import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { openTestHub, type TestHub } from "../test-hub.ts";
import { verifyAudit } from "./index.ts";

let hub: TestHub;
before(async () => {
  hub = await openTestHub();
  for (const name of ["first", "second\r\nforged line", "\u001b[31mthird\u001b[0m"])
    assert.equal((await hub.call("POST", "/api/keys", { name, scope: "read" })).status, 200);
});
after(() => hub.end());

const db = () => hub.database.db;
/** As somebody would who owns the database: past the trigger. */
const tamper = async (statement: string) => {
  await db().query("alter table audit disable trigger audit_is_append_only");
  await db().query(statement);
  await db().query("alter table audit enable trigger audit_is_append_only");
};

test("what is done stands in the log, by whom and on what, newest first", async () => {
  const { body } = await hub.call("GET", "/api/audit");
  const { entries } = body as { entries: { actor: string; action: string; detail: { name: string } }[] };
  assert.deepEqual(
    entries.map(({ actor, action, detail }) => [actor.replace(/ [0-9a-f-]{36} /, " ID "), action, detail.name]),
    [
      ["key ID (test-admin)", "key.created", "\u001b[31mthird\u001b[0m"],
      ["key ID (test-admin)", "key.created", "second\r\nforged line"],
      ["key ID (test-admin)", "key.created", "first"],
    ],
  );
});

test("line breaks and colours in what is logged travel as JSON, never raw", async () => {
  const answer = await hub.app.inject({
    url: "/api/audit",
    headers: { authorization: "Bearer rk_admin_test_admin_key" },
  });
  for (const raw of ["\r", "\n", "\u001b"]) assert.ok(!answer.body.includes(raw));
});

for (const statement of ["update audit set actor = 'nobody'", "delete from audit", "truncate audit"]) {
  test(`"${statement}" is refused by the database itself`, async () => {
    await assert.rejects(db().query(statement), /append-only/);
  });
}

test("two entries at once follow each other in one chain", async () => {
  await Promise.all(
    Array.from({ length: 10 }, (_, n) => hub.call("POST", "/api/keys", { name: `at once ${n}`, scope: "read" })),
  );
  assert.deepEqual(await verifyAudit(db()), { kind: "whole", entries: 13 });
});

test("a changed word, a removed entry and an exchanged one are found", async () => {
  const { rows } = await db().query<{ position: number; actor: string }>(
    "select position, actor from audit order by position limit 3",
  );
  const [, second, third] = rows.map((row) => row.position);
  await tamper(`update audit set actor = 'somebody else' where position = ${second}`);
  assert.deepEqual(await verifyAudit(db()), { kind: "broken", position: second });
  await tamper(`update audit set actor = '${rows[1]?.actor}' where position = ${second}`);
  assert.equal((await verifyAudit(db())).kind, "whole");
  await tamper(`delete from audit where position = ${second}`);
  assert.deepEqual(await verifyAudit(db()), { kind: "broken", position: third });
});
