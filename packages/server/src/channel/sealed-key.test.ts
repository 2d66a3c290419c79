import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";

import fc from "fast-check";

import { base32 } from "./base32.ts";
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

test("a message's key in a bounce address is as long as a local part may be, seal of 128 bits and all", () => {
  const key = Buffer.alloc(16, 7).toString("base64url");
  const token = sealKey(key, "secret");
  assert.equal(openSealedKey(token, "secret"), key);
  assert.ok(`bounce+${token}`.length <= 64, `${token.length}`);
});

test("a token from before seals had 128 bits still opens", () => {
  const key = Buffer.from("AAECAwQFBgcICQoLDA0ODw");
  const seal = createHmac("sha256", "secret").update(key).digest().subarray(0, 10);
  assert.equal(openSealedKey(base32(Buffer.concat([seal, key])), "secret"), key.toString());
});

test("a changed, cut or foreign token opens to nothing", () => {
  const token = sealKey("run/7/2/email", "secret");
  const changed = (token.startsWith("a") ? "b" : "a") + token.slice(1);
  for (const bad of [changed, token.slice(0, -3), `${token}aa`, "", "!", "a", token.slice(0, 16), "a".repeat(5_000)])
    assert.equal(openSealedKey(bad, "secret"), null, bad);
});
