import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import {
  compileCondition,
  compileExpression,
  conditionToSql,
  type SqlCondition,
} from "@rapport/engine/condition/index";
import { factsOf, modelOf, nothingForeseen } from "@rapport/engine/loop/index";
import { emptyProfile, type Feature, type Profile } from "@rapport/engine/profile/index";
import fc from "fast-check";

import { type Database, openDatabase } from "../platform/database.ts";
import { noPostgres, startPostgres } from "./one-postgres.ts";
import { anExpression, aProfileOf, FEATURES, NOW } from "./random-conditions.ts";
import { countSegment, customerForExplain, listSegment } from "./store.ts";

const PROFILES = 150;
const EXPRESSIONS = 200;

let database: Database;
let close: () => Promise<void>;
const profiles = fc.sample(aProfileOf(FEATURES), { numRuns: PROFILES, seed: 1 });
const model = modelOf({
  features: FEATURES,
  outlook: nothingForeseen,
  zones: [],
  locale: "en",
  policies: [],
  timers: [],
});

const idOf = (index: number) => `00000000-0000-4000-8000-${index.toString().padStart(12, "0")}`;

before(async () => {
  if (noPostgres) return;
  const server = await startPostgres();
  database = openDatabase(server.url, { poolSize: 2, name: "segment test" });
  close = async () => {
    await database.close();
    await server.close();
  };
  await database.query(
    `create table customer (
       partition smallint not null, customer_id uuid not null, name text, merged_into uuid, state text not null,
       constraint customer_key primary key (partition, customer_id)
     )`,
  );
  for (const [index, profile] of profiles.entries()) {
    await database.query("insert into customer (partition, customer_id, state) values ($1, $2, $3)", [
      index % 64,
      idOf(index),
      JSON.stringify({ ...profile, customerId: idOf(index) }),
    ]);
  }
});
after(() => close?.());

function inMemory(source: string, profile: Profile, index: number): unknown {
  const compiled = compileCondition(source);
  assert.ok(compiled.kind === "condition", `${source}: ${JSON.stringify(compiled)}`);
  // What is compared is a profile as the database gives it back.
  const stored = JSON.parse(JSON.stringify({ ...profile, customerId: idOf(index) }));
  const value = compileExpression(compiled.condition.expression)(factsOf(stored, null, model, NOW, false));
  return typeof value === "boolean" ? value : null;
}

function inSql(source: string, features: readonly Feature[] = FEATURES): SqlCondition {
  const compiled = compileCondition(source);
  assert.ok(compiled.kind === "condition", `${source}: ${JSON.stringify(compiled)}`);
  const sql = conditionToSql(compiled.condition, { features, now: NOW, firstParameter: 1 });
  assert.ok(!("kind" in sql), `${source}: ${JSON.stringify(sql)}`);
  return sql;
}

async function assertAgreement(source: string): Promise<void> {
  const { text, values } = inSql(source);
  const { rows } = await database
    .query<{ id: string; value: boolean | null }>(
      `select c.customer_id as id, ${text} as value from (select customer_id, state::jsonb as state from customer) c order by c.customer_id`,
      values,
    )
    .catch((error: Error) => assert.fail(`${source}\n${text}\n${error.message}`));
  for (const [index, profile] of profiles.entries()) {
    const expected = inMemory(source, profile, index);
    assert.equal(
      rows[index]?.value,
      expected,
      `${source} of ${JSON.stringify(profile)}: ${rows[index]?.value} in SQL, ${expected} in memory`,
    );
  }
}

test("memory and SQL agree on every random condition and every random profile", { skip: noPostgres }, async () => {
  await fc.assert(fc.asyncProperty(anExpression, assertAgreement), { numRuns: EXPRESSIONS, seed: 20261118 });
});

const edges = [
  "traits.age > 5",
  "traits.age == null",
  "!(traits.plan == 'a') || traits.flag",
  "traits.age / 0 > 1",
  "traits.age * 1e200 * 1e200 > 0",
  "traits.plan in ['a', 'b', null]",
  "traits.age in traits.tags",
  "traits.tags.exists(t, t == 'a' || t > 3)",
  "traits.tags.all(t, t.deep != null)",
  "traits.tags[0] == traits.tags[-1]",
  "traits.tags[1.5] == 1",
  "size(traits.tags) + size(traits.plan) >= 2",
  "traits.plan < traits.city",
  "traits.plan.startsWith('') && traits.plan.endsWith('')",
  "lowerAscii(traits.plan) + '!' == 'a!'",
  "round(traits.age) == -3 || floor(traits.age) < ceil(traits.age)",
  "min(traits.age, 3) < max(features.pages, 1, 2)",
  "consent['marketing/sms'] == 'granted'",
  "customer.lastSeenAt < now - duration('30d')",
  "features.last_plan == 'a' && features.cities >= 1 && features.mb > 0.3",
  "(traits.flag ? traits.age : traits.plan) == 'a'",
  "traits.obj == traits.obj && traits.obj.deep == 1",
  "customer.nothing == 1",
  "true",
];
for (const source of edges) {
  test(`memory and SQL agree on ${source}`, { skip: noPostgres }, () => assertAgreement(source));
}

test("nothing that was written in a condition stands in the statement's text", () => {
  const hostile = `x') or true; drop table customer --`;
  const { text, values } = inSql(`traits["${hostile}"] == "${hostile}" || consent["${hostile}"].startsWith("'")`);
  assert.ok(!text.includes("drop") && !text.includes(hostile));
  assert.ok(values.includes(hostile));
});

const refused: [source: string, says: RegExp][] = [
  ["event.name == 'x'", /"event" exists only while a decision is made/],
  ["item.price > 1 && now > 0", /"item" exists only/],
  ["features.unknown > 1", /no feature "unknown"/],
  ["traits.age % 2 == 0", /% cannot be asked/],
  ["size(traits) > 1", /"traits" as a whole/],
  ["traits.tags[traits.age] == 1", /needs a key that is a text or a number/],
  ["traits.x == '\\u0000'", /no such characters/],
];
for (const [source, says] of refused) {
  test(`${source} cannot be asked of the database, and the fault says why`, () => {
    const compiled = compileCondition(source);
    assert.ok(compiled.kind === "condition");
    const fault = conditionToSql(compiled.condition, { features: FEATURES, now: NOW, firstParameter: 1 });
    assert.ok("kind" in fault && says.test(fault.message), JSON.stringify(fault));
  });
}

test("a segment is counted, listed page by page and each member found again", { skip: noPostgres }, async () => {
  const source = "traits.flag || traits.age > 0";
  const condition = inSql(source);
  const expected = profiles.filter((profile, index) => inMemory(source, profile, index) === true).length;
  assert.deepEqual(await countSegment(database, condition), { members: expected, customers: PROFILES });

  const ids = new Set<string>();
  for (let page = await listSegment(database, condition, { after: null, limit: 7 }); page.length > 0; ) {
    for (const { customerId } of page) ids.add(customerId);
    page = await listSegment(database, condition, { after: page.at(-1) ?? null, limit: 7 });
  }
  assert.equal(ids.size, expected);
  const found = await customerForExplain(database, { partition: 3, customerId: idOf(3) });
  assert.equal(found?.customerId, idOf(3));
  assert.equal(await customerForExplain(database, { partition: 4, customerId: idOf(3) }), null);
  assert.equal(emptyProfile("x").customerId, "x");
});
