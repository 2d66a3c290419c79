import assert from "node:assert/strict";
import { test } from "node:test";

import { keyedPeers, networkOf } from "./peer.ts";

const cases: [address: string, network: string][] = [
  ["192.0.2.7", "192.0.2.7"],
  ["::ffff:192.0.2.7", "192.0.2.7"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2"],
  ["2001:db8:1:2::9", "2001:db8:1:2"],
  ["2001:0db8:0001:0002:ffff::", "2001:db8:1:2"],
  ["2001:db8::1", "2001:db8:0:0"],
  ["fe80::1%eth0", "fe80:0:0:0"],
  ["::1", "0:0:0:0"],
];
for (const [address, network] of cases)
  test(`${address} is of ${network}`, () => assert.equal(networkOf(address), network));

test("a peer is named without its address, and by each secret otherwise", () => {
  const [one, other] = [keyedPeers("one"), keyedPeers("other")];
  assert.equal(one("2001:db8::1"), one("2001:db8::2"));
  assert.notEqual(one("192.0.2.7"), other("192.0.2.7"));
  assert.doesNotMatch(one("192.0.2.7"), /192|\./);
});
