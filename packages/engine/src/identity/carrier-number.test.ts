import assert from "node:assert/strict";
import { test } from "node:test";

import { carrierNumber, countryOfNumber, type NumberType } from "./carrier-number.ts";

const cases: [address: string, type: NumberType, country: string | null, number: string][] = [
  ["3105550101", "national", "US", "+13105550101"],
  ["3105550101", "unknown", "US", "+13105550101"],
  ["13105550101", "unknown", "US", "+13105550101"],
  ["13105550101", "national", "US", "+13105550101"],
  ["13105550101", "international", "US", "+13105550101"],
  ["3105550101", "international", "US", "+13105550101"],
  ["31612345678", "unknown", "US", "+31612345678"],
  ["31612345678", "international", "US", "+31612345678"],
  ["4915112345670", "unknown", "DE", "+4915112345670"],
  ["015112345670", "national", "DE", "+4915112345670"],
  ["015112345670", "unknown", "DE", "+4915112345670"],
  ["004915112345670", "unknown", "US", "+4915112345670"],
  ["+4915112345670", "unknown", "US", "+4915112345670"],
  ["07911123456", "national", "GB", "+447911123456"],
  ["55991234567", "unknown", "BR", "+5555991234567"],
  ["9123456789", "unknown", "RU", "+79123456789"],
  ["89123456789", "national", "RU", "+79123456789"],
  ["5512345678", "national", "MX", "+525512345678"],
  ["5215512345678", "unknown", "MX", "+525512345678"],
  ["5215512345678", "international", "MX", "+5215512345678"],
  ["3105550101", "national", null, "3105550101"],
  ["3105550101", "unknown", null, "3105550101"],
  ["4915112345670", "unknown", null, "+4915112345670"],
  ["12345", "unknown", "US", "12345"],
  ["MYBANK", "unknown", "US", "MYBANK"],
];
for (const [address, type, country, number] of cases) {
  test(`${address}, said to be ${type} and sent to ${country ?? "a short code"}, is ${number}`, () =>
    assert.equal(carrierNumber(address, type, country), number));
}

test("a number of ours tells its country, and a short code does not", () => {
  assert.deepEqual(["13125550100", "+525512345678", "12345", "RAPPORT"].map(countryOfNumber), ["US", "MX", null, null]);
});
