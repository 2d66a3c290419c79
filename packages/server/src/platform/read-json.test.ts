import assert from "node:assert/strict";
import { test } from "node:test";

import { readJson } from "./read-json.ts";

const cases: [text: string, value: unknown][] = [
  ['{"id":9007199254740993}', { id: "9007199254740993" }],
  ['{"id":-9007199254740993}', { id: "-9007199254740993" }],
  ["[9007199254740992,\n 9007199254740993]", ["9007199254740992", "9007199254740993"]],
  ["123456789012345678901234567890", "123456789012345678901234567890"],
  ['{"a":{"b":[{"id": 76561198000000001}]}}', { a: { b: [{ id: "76561198000000001" }] } }],
];
for (const [text, value] of cases)
  test(`the digits of ${text.trim()} are all kept, as text`, () => assert.deepEqual(readJson(text), value));

test("numbers that JavaScript holds exactly, and those with a fraction, stay numbers", () => {
  for (const text of ['{"a":9007199254740991}', '{"a":1780000000000}', '{"a":[52.12345678901234567, 1e21, -0, 7]}'])
    assert.deepEqual(readJson(text), JSON.parse(text));
});

test("digits within texts and names stay where they are", () => {
  const text = '{"9007199254740993":"id:9007199254740993, [9007199254740993"}';
  assert.deepEqual(readJson(text), JSON.parse(text));
});

test("a name that every object inherits is kept as a name beside a long number", () => {
  const read = readJson('{"__proto__":{"a":1},"id":9007199254740993}') as object;
  assert.deepEqual(Object.keys(read), ["__proto__", "id"]);
  assert.equal(Object.getPrototypeOf(read), Object.prototype);
});

test("a long number in what is no JSON makes it no JSON", () => {
  for (const text of ["{9007199254740993:1}", "[09007199254740993]", '["9007199254740993', "[9007199254740993.]"])
    assert.throws(() => readJson(text), SyntaxError);
});

test("half a megabyte of quotes that never end is read in its length's time", () => {
  assert.throws(() => readJson(`[9007199254740993,"${'\\"'.repeat(250_000)}`), SyntaxError);
});
