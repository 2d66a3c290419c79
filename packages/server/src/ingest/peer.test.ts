import assert from "node:assert/strict";
import { test } from "node:test";

import { keyedPeers } from "./peer.ts";

test("a peer is named without its address, and by each secret otherwise", () => {
  const [one, other] = [keyedPeers("one"), keyedPeers("other")];
  assert.equal(one("2001:db8::1"), one("2001:db8::2"));
  assert.notEqual(one("192.0.2.7"), other("192.0.2.7"));
  assert.doesNotMatch(one("192.0.2.7"), /192|\./);
});
