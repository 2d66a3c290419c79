import assert from "node:assert/strict";
import { test } from "node:test";

import { readConfig } from "./config.ts";

test("by default no proxy is believed; those listed are, blanks aside", () => {
  assert.deepEqual(readConfig({}).trustedProxies, []);
  const given = " 10.0.0.0/8, 192.0.2.1 ,2001:db8::/32,::1,";
  assert.deepEqual(readConfig({ TRUSTED_PROXIES: given }).trustedProxies, [
    "10.0.0.0/8",
    "192.0.2.1",
    "2001:db8::/32",
    "::1",
  ]);
});

for (const wrong of [
  "true",
  "*",
  "proxy.example",
  "10.0.0.0/0",
  "0.0.0.0/0",
  "10.0.0.0/33",
  "10.0.0/8",
  "::1/129",
  "10.0.0.1/8/8",
]) {
  test(`TRUSTED_PROXIES may not be ${wrong}`, () =>
    assert.throws(() => readConfig({ TRUSTED_PROXIES: wrong }), /TRUSTED_PROXIES may list addresses/));
}
