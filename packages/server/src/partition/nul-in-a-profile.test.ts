import assert from "node:assert/strict";
import { test } from "node:test";
import { emptyProfile, type Profile } from "@rapport/engine/profile/index";

import { rowOf } from "./apply-batch.ts";

test("a profile is kept without NUL, and with whatever only looks like one", () => {
  const kept = (value: string) => {
    const profile: Profile = { ...emptyProfile("c"), traits: { said: { value, at: 1, by: "e" } } };
    return (JSON.parse(rowOf(profile).state) as Profile).traits.said?.value;
  };
  assert.equal(kept("a\0\0b"), "a\ufffd\ufffdb");
  assert.equal(kept("\\\0"), "\\\ufffd");
  for (const text of ["\\u0000", "\\\\u0000", "a\\\\\\u0000", "C:\\u0000\\x", "plain"]) assert.equal(kept(text), text);
});
