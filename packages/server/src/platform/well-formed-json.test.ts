import assert from "node:assert/strict";
import { test } from "node:test";

import { wellFormedJson } from "./well-formed-json.ts";

const texts: [what: string, given: string, made: string][] = [
  ["no escapes", '{"a":"b😀"}', '{"a":"b😀"}'],
  ["a whole pair", '"\\ud83d\\ude00"', '"\\ud83d\\ude00"'],
  ["a whole pair in capitals", '"\\uD83D\\uDE00"', '"\\uD83D\\uDE00"'],
  ["the first half alone", '"\\ud83d"', '"\\ufffd"'],
  ["the second half alone", '"\\ude00x"', '"\\ufffdx"'],
  ["halves in the wrong order", '"\\ude00\\ud83d"', '"\\ufffd\\ufffd"'],
  ["a half before a pair", '"\\ud83d\\ud83d\\ude00"', '"\\ufffd\\ud83d\\ude00"'],
  ["a backslash before what looks like a half", '"\\\\ud83d"', '"\\\\ud83d"'],
  ["a half behind a backslash", '"\\\\\\ud83d"', '"\\\\\\ufffd"'],
  ["a name", '{"\\udfff":1}', '{"\\ufffd":1}'],
];
for (const [what, given, made] of texts)
  test(`JSON with ${what}`, () => {
    assert.equal(wellFormedJson(given), made);
    assert.ok(JSON.parse(wellFormedJson(given)) !== undefined);
  });
