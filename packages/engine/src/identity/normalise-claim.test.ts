import assert from "node:assert/strict";
import { test } from "node:test";

import { normaliseClaim } from "./normalise-claim.ts";
import { defaultIdentityPolicy, kindOf } from "./policy.ts";

test("a kind of identifier named like what every object inherits is a kind like any other", () => {
  for (const kind of ["constructor", "toString", "loyalty_card"]) {
    assert.equal(kindOf(defaultIdentityPolicy, kind), defaultIdentityPolicy.otherKind);
    assert.deepEqual(normaliseClaim({ kind, value: " 7 " }, defaultIdentityPolicy), { kind, value: "7" });
  }
});
