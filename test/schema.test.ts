import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";

import { openTestDatabase, type TestDatabase } from "@rapport/server/platform/test-database";

let database: TestDatabase;
before(async () => {
  database = await openTestDatabase();
});
after(() => database.drop());

/** Tables that hold one customer's data: their keys begin with the customer's home. */
const OF_A_CUSTOMER = ["customer", "event", "timer", "decision", "message", "message_status", "outbox"];
/** Queues and sums of a partition, of no one customer. */
const OF_A_PARTITION = ["inbox", "tally"];
/** Tables that stand apart, each for its reason. A new table stands in one of the three lists, or this test fails. */
const APART: Record<string, string> = {
  ingest_batch: "accepted before anybody knows whom it is about",
  ingest_aside: "events whose customer may change yet; the resolver alone writes it",
  seen_event: "an id is asked for before the customer is known",
  identifier: "asked by value, before the customer is known; the resolver alone writes it",
  door_use: "of keys and peers, before anybody is known",
  peer_use: "of peers, before anybody is known; the resolver alone writes it",
  policy_hour: "of the installation",
  policy_pause: "of the installation",
  address_use: "an address is one, whoever has it",
  claimed_identifier: "what visitors say without proof, asked by value; the resolver alone writes it",
  identity_cluster: "identifiers of many customers; the resolver alone writes it",
  handed_off: "receipts and replies arrive with a provider's id and nothing else",
  suppression: "outlives the customer, and holds for an address whoever has it",
  household_member: "members of a household live in different partitions; the resolver alone writes it",
  gateway_state: "of the installation",
  household_contact: "members of a household live in different partitions",
  dead_letter: "nobody knows whom it is about",
  lease: "of the installation",
  pack: "of the installation",
  usage_prior: "learned from everybody",
  staff: "of the company",
  sign_in_token: "of the company",
  session: "of the company",
  sign_in_try: "of the company",
  sign_in_challenge: "of the company",
  totp: "of the company",
  recovery_code: "of the company",
  passkey: "of the company",
  api_key: "of the company",
  audit: "of the company",
  idempotency: "of the caller",
  setting: "of the installation",
  migration: "of the installation",
};

type Key = { table: string; name: string; kind: "p" | "u" | "f"; columns: string[] };

/** Primary keys, unique constraints, unique indexes and foreign keys, with their columns in order. */
async function keys(): Promise<Key[]> {
  const { rows } = await database.db.query<Key>(
    `select r.relname as "table", i.relname as "name", case when x.indisprimary then 'p' else 'u' end as "kind",
            array(select a.attname::text from unnest(x.indkey) with ordinality k (n, o)
                    join pg_attribute a on a.attrelid = r.oid and a.attnum = k.n order by k.o) as "columns"
       from pg_index x join pg_class i on i.oid = x.indexrelid join pg_class r on r.oid = x.indrelid
       join pg_namespace s on s.oid = r.relnamespace
      where x.indisunique and s.nspname = 'public'
      union all
     select r.relname, c.conname, 'f',
            array(select a.attname::text from unnest(c.conkey) with ordinality k (n, o)
                    join pg_attribute a on a.attrelid = r.oid and a.attnum = k.n order by k.o)
       from pg_constraint c join pg_class r on r.oid = c.conrelid
      where c.contype = 'f'`,
  );
  return rows;
}

/** What breaks the rule that a customer's rows live, and can be moved, with the customer's partition. */
function violations(all: Key[]): string[] {
  return all.flatMap(({ table, name, kind, columns }) => {
    const [first, second] = columns;
    if (kind === "f") return [`${name} is a foreign key of ${table}`];
    if (OF_A_CUSTOMER.includes(table) && (first !== "partition" || second !== "customer_id"))
      return [`${name} of ${table} does not begin with partition, customer_id`];
    if (OF_A_PARTITION.includes(table) && first !== "partition")
      return [`${name} of ${table} does not begin with partition`];
    return [];
  });
}

test("every table stands in one of the lists, and has a primary key", async () => {
  const { rows } = await database.db.query<{ table: string }>(
    `select relname as "table" from pg_class r join pg_namespace s on s.oid = r.relnamespace where relkind = 'r' and nspname = 'public'`,
  );
  const listed = [...OF_A_CUSTOMER, ...OF_A_PARTITION, ...Object.keys(APART)];
  assert.deepEqual(
    rows.map((row) => row.table).filter((table) => !listed.includes(table)),
    [],
  );
  const withKey = new Set((await keys()).filter((key) => key.kind === "p").map((key) => key.table));
  assert.deepEqual(
    rows.map((row) => row.table).filter((table) => !withKey.has(table)),
    [],
  );
});

test("no key, unique constraint or foreign key crosses partitions", async () => {
  assert.deepEqual(violations(await keys()), []);
});

for (const [what, statement, undo, found] of [
  [
    "a unique address",
    "alter table message add constraint u unique (address)",
    "alter table message drop constraint u",
    "u of message",
  ],
  ["a unique index", "create unique index u on event (event_id)", "drop index u", "u of event"],
  [
    "a foreign key",
    "alter table decision add constraint f foreign key (partition, customer_id) references customer",
    "alter table decision drop constraint f",
    "f is a foreign key",
  ],
  [
    "a key in another order",
    "alter table timer drop constraint timer_key, add constraint k primary key (name, partition, customer_id)",
    "alter table timer drop constraint k",
    "k of timer",
  ],
] as const) {
  test(`${what} across partitions would be seen`, async () => {
    await database.db.query(statement);
    assert.match(violations(await keys()).join(), new RegExp(found));
    await database.db.query(undo);
  });
}

/** Statements that touch a customer's table without naming its partition: each a hole in "one writer per customer". */
function partitionless(source: string): string[] {
  const statements = [...source.matchAll(/`([^`]*)`|"((?:select|insert|update|delete)\b[^"]*)"/g)].map(
    (match) => match[1] ?? match[2] ?? "",
  );
  const tables = new RegExp(
    `\\b(?:from|join|into|update)\\s+(?:${[...OF_A_CUSTOMER, ...OF_A_PARTITION].join("|")})\\b`,
  );
  return statements
    .filter((text) => tables.test(text) && !/\bpartition\b/.test(text))
    .map((text) => text.trim().split("\n")[0] ?? "");
}

/** Asked by people or pumps about all partitions at once; none is asked for a single event. */
const ABOUT_ALL = [
  'select channel, count(*) as "unsent", min(not_before) as "oldest" from outbox where not_before <= $1',
  "select 1 as due from outbox where state = 'sending' or not_before <= $1 limit 1",
];

test("every hot statement on a customer's table names the partition", () => {
  for (const file of [
    "partition/store.ts",
    "partition/queue/store.ts",
    "partition/moving/store.ts",
    "message/store.ts",
    "profile/store.ts",
    "decision/store.ts",
  ]) {
    const source = readFileSync(new URL(`../packages/server/src/${file}`, import.meta.url), "utf8");
    const found = partitionless(source).filter(
      (text) => !ABOUT_ALL.includes(text) && !/^with gone as \(delete|^with found|^select \$\{CUSTOMER\}/.test(text),
    );
    assert.deepEqual(found, [], file);
  }
});

test("a statement without its partition would be seen", () => {
  assert.equal(partitionless('tx.query("select state from customer where customer_id = $1")').length, 1);
  assert.equal(partitionless("tx.query(`delete from outbox\n where message_id = $1`)").length, 1);
  assert.equal(partitionless("tx.query(`select 1 from event where partition = $1`)").length, 0);
});
