import assert from "node:assert/strict";
import { after, test } from "node:test";

import { byteaArray, float8Array, jsonArray, smallintArray, textArray, tidArray, uuidArray } from "./sql-array.ts";
import { openTestDatabase } from "./test-database.ts";

const { db, drop } = await openTestDatabase(1);
after(drop);

const UUID = "0b9f2c74-1c5e-4d5f-9a3e-2f6f0a1b2c3d";
const TEXT = 'Zoë "says" {a,b}\\ 日本 😀';

test("Arrays arrive as they were given, whatever is in them, and null stays null", async () => {
  const { rows } = await db.query(
    "select * from unnest($1::json[], $2::text[], $3::uuid[], $4::float8[], $5::bytea[], $6::smallint[], $7::tid[]) as given (a, b, c, d, e, f, g)",
    [
      jsonArray([JSON.stringify({ TEXT }), null]),
      textArray([TEXT, null]),
      uuidArray([UUID, null]),
      float8Array([0.1, -1e300]),
      byteaArray([Buffer.of(0, 255), Buffer.of()]),
      smallintArray([-7, 63]),
      tidArray(["(4000000000,12)", "(0,1)"]),
    ],
  );
  assert.deepEqual(rows, [
    { a: { TEXT }, b: TEXT, c: UUID, d: 0.1, e: Buffer.of(0, 255), f: -7, g: "(4000000000,12)" },
    { a: null, b: null, c: null, d: -1e300, e: Buffer.of(), f: 63, g: "(0,1)" },
  ]);
});

test("An empty array is empty", async () => {
  const { rows } = await db.query("select cardinality($1::text[]) as n", [textArray([])]);
  assert.deepEqual(rows, [{ n: 0 }]);
});
