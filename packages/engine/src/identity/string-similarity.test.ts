import assert from "node:assert/strict";
import { test } from "node:test";

import { editDistance, jaroWinkler } from "./string-similarity.ts";

test("Jaro and Winkler's likeness gives the figures of Winkler's table", () => {
  const rounded = (a: string, b: string) => Math.round(jaroWinkler(a, b) * 1000) / 1000;
  assert.equal(rounded("martha", "marhta"), 0.961);
  assert.equal(rounded("dwayne", "duane"), 0.84);
  assert.equal(rounded("dixon", "dicksonx"), 0.813);
  assert.equal(rounded("same", "same"), 1);
  assert.equal(rounded("", "x"), 0);
});

test("the edit distance counts a swap of neighbours as one error", () => {
  assert.equal(editDistance("4814", "4184"), 1);
  assert.equal(editDistance("kitten", "sitting"), 3);
  assert.equal(editDistance("", "abc"), 3);
});
