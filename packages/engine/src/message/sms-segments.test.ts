import assert from "node:assert/strict";
import { test } from "node:test";

import fc from "fast-check";

import { smsSegments, smsSize } from "./sms-segments.ts";

const cases: [what: string, text: string, alphabet: "gsm7" | "ucs2", lengths: number[]][] = [
  ["nothing", "", "gsm7", [0]],
  ["160 Latin letters", "a".repeat(160), "gsm7", [160]],
  ["161 Latin letters", "a".repeat(161), "gsm7", [153, 8]],
  ["306 Latin letters", "a".repeat(306), "gsm7", [153, 153]],
  ["80 euro signs", "€".repeat(80), "gsm7", [80]],
  ["81 euro signs", "€".repeat(81), "gsm7", [76, 5]],
  ["70 Cyrillic letters", "ж".repeat(70), "ucs2", [70]],
  ["71 Cyrillic letters", "ж".repeat(71), "ucs2", [67, 4]],
  ["35 emoji", "😀".repeat(35), "ucs2", [70]],
  ["36 emoji", "😀".repeat(36), "ucs2", [66, 6]],
  ["a Chinese sentence", "计划停电通知", "ucs2", [6]],
  ["a letter outside both tables", "naïve", "ucs2", [5]],
];
for (const [what, text, alphabet, lengths] of cases) {
  test(`${what} go as ${alphabet} in ${lengths.length} part(s)`, () => {
    const segments = smsSegments(text);
    assert.equal(segments.alphabet, alphabet);
    assert.deepEqual(
      segments.parts.map((part) => part.length),
      lengths,
    );
  });
}

test("an escaped character at the 153rd septet moves whole to the next part", () => {
  assert.deepEqual(smsSegments(`${"a".repeat(152)}€${"b".repeat(20)}`).parts[0], "a".repeat(152));
});

test("the parts joined are the text, and no part splits a surrogate pair", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 600 }), (text) => {
      const { parts } = smsSegments(text);
      assert.equal(parts.join(""), text);
      for (const part of parts) assert.ok(part.isWellFormed());
    }),
  );
});

test("of a text is known how many messages it makes, what fits in, and which letters make it longer", () => {
  assert.deepEqual(smsSize("a".repeat(150)), { alphabet: "gsm7", parts: 1, left: 10, unlike: [] });
  assert.deepEqual(smsSize("[".repeat(81)), { alphabet: "gsm7", parts: 2, left: 143, unlike: [] });
  assert.deepEqual(smsSize("ёж ёж"), { alphabet: "ucs2", parts: 1, left: 65, unlike: ["ё", "ж"] });
  assert.deepEqual(smsSize("“a”".repeat(30)), { alphabet: "ucs2", parts: 2, left: 44, unlike: ["“", "”"] });
});
