import assert from "node:assert/strict";
import { test } from "node:test";

import fc from "fast-check";

import { openSealedKey, sealKey } from "./sealed-key.ts";

test("a sealed key opens to itself, in either case", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", minLength: 1, maxLength: 100 }), (key) => {
      const token = sealKey(key, "secret");
      assert.equal(openSealedKey(token, "secret"), key);
      assert.equal(openSealedKey(token.toUpperCase(), "secret"), key);
      assert.equal(openSealedKey(token, "another secret"), null);
    }),
  );
});

test("a changed, cut or foreign token opens to nothing", () => {
  const token = sealKey("run/7/2/email", "secret");
  const changed = (token.startsWith("a") ? "b" : "a") + token.slice(1);
  for (const bad of [changed, token.slice(0, -3), `${token}aa`, "", "!", "a", token.slice(0, 16), "a".repeat(5_000)])
    assert.equal(openSealedKey(bad, "secret"), null, bad);
});
