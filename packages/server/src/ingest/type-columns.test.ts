import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { compileCondition, conditionToSql } from "@rapport/engine/condition/index";

import { countSegment } from "../segment/index.ts";
import { type ImportingHub, openImportingHub } from "../importing-hub.ts";
import type { TestHub } from "../test-hub.ts";

let importing: ImportingHub;
let hub: TestHub;
before(async () => {
  importing = await openImportingHub();
  hub = importing.hub;
});
after(() => importing.end());

async function traitsOf(name: string, csv: string): Promise<{ said: string[]; traits: Record<string, unknown> }> {
  const { code, said } = await importing.run(importing.aFile(`${name}.csv`, csv));
  assert.equal(code, 0);
  const { body } = await hub.call("GET", `/api/customers?q=${name}`);
  const [found] = (body as { customers: { customerId: string }[] }).customers;
  const view = (await hub.call("GET", `/api/customers/${found?.customerId}`)).body as {
    traits: Record<string, { value: unknown }>;
  };
  return { said, traits: Object.fromEntries(Object.entries(view.traits).map(([trait, { value }]) => [trait, value])) };
}

test("columns of plain numbers and of true and false are that, and it is said", async () => {
  const { said, traits } = await traitsOf("typed", "userId,age,score,vip\ntyped,42,-1.50,TRUE\nother,7,,false\n");
  assert.deepEqual(traits, { age: 42, score: -1.5, vip: true });
  assert.equal(said[0], "columns read as numbers: age, score; as true or false: vip");
  const { db } = hub.database;
  const compiled = compileCondition("traits.age > 30");
  assert.ok(compiled.kind === "condition");
  const sql = conditionToSql(compiled.condition, { features: [], now: hub.clock.now(), firstParameter: 1 });
  assert.ok(!("message" in sql));
  assert.equal((await countSegment(db, sql)).members, 1);
});

test("ids, telephones, postcodes, and columns in which one cell is no plain number, stay texts", async () => {
  const csv =
    "userId,phone,zipCode,card_no,house,mixed,long,since\ncodes,16175550143,90210,12,007,5,12345678901234567890,2026\nx,,10115,13,12,n/a,1,2025\n";
  const { said, traits } = await traitsOf("codes", csv);
  const texts = { phone: "16175550143", zipCode: "90210", card_no: "12", house: "007", mixed: "5" };
  assert.deepEqual(traits, { ...texts, long: "12345678901234567890", since: 2026 });
  assert.equal(said[0], "columns read as numbers: since");
});
