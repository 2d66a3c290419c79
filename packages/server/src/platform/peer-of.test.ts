import assert from "node:assert/strict";
import { test } from "node:test";

import { peerOf } from "./peer-of.ts";

for (const [address, peer] of [
  ["198.51.100.7", "198.51.100.7"],
  ["::ffff:198.51.100.7", "198.51.100.7"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
  ["2001:DB8:0001:2::1", "2001:db8:1:2::/64"],
  ["2001:db8::1", "2001:db8:0:0::/64"],
  ["fe80::1%eth0", "fe80:0:0:0::/64"],
  ["::1", "0:0:0:0::/64"],
  ["0:0:0:0:0:ffff:198.51.100.7", "198.51.100.7"],
  ["::FFFF:c633:6407", "198.51.100.7"],
  ["2001:0db8:0001:0002:ffff::", "2001:db8:1:2::/64"],
  ["64:ff9b::198.51.100.7", "64:ff9b:0:0::/64"],
  ["198.51.100.7, 10.0.0.1", "unknown"],
  ["", "unknown"],
] as const) {
  test(`${address || "nothing"} is counted as ${peer}`, () => assert.equal(peerOf(address), peer));
}
