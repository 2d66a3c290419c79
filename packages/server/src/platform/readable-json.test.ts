import assert from "node:assert/strict";
import { after, test } from "node:test";

import { readableJson } from "./readable-json.ts";
import { openTestDatabase } from "./test-database.ts";

const { db, drop } = await openTestDatabase(1);
after(drop);

for (const [what, code] of [
  ["the first half of a surrogate pair", "\\ud83d"],
  ["the second half", "\\uDE00"],
  ["the character U+0000", "\\u0000"],
  ["such an escape that was itself escaped", "\\\\ud83d"],
] as const)
  test(`a field is read out of a document that holds ${what}, as text or jsonb`, async () => {
    const document = `{"kind":"reply","text":"a${code}b","${code}":1}`;
    const { rows } = await db.query(
      `select ${readableJson("body")}->>'kind' as kind, ${readableJson("body")}::jsonb->'kind' as as_jsonb,
              length(${readableJson("body")}->>'text') > 2 as has_text
         from (values ($1::text), ($1::json::text)) given (body)`,
      [document],
    );
    const read = { kind: "reply", as_jsonb: "reply", has_text: true };
    assert.deepEqual(rows, [read, read]);
  });

test("what is sound is read as it is", async () => {
  const { rows } = await db.query<{ text: string }>(
    `select ${readableJson("body")}->>'text' as "text" from (values ($1::text), ($2::text)) given (body)`,
    ['{"text":"\\u00e9 \\u001f😀"}', '{"text":"plain"}'],
  );
  assert.deepEqual(rows, [{ text: "é \u001f😀" }, { text: "plain" }]);
});
