import assert from "node:assert/strict";
import { test } from "node:test";

import type { Pdu } from "smpp";

import { readReceipt } from "./smpp-receipt.ts";

const aReceipt = (over: Partial<Pdu> = {}) => ({ esm_class: 4, ...over }) as Partial<Pdu> as Pdu;
const saying = (word: string) =>
  `id:7B sub:001 dlvrd:001 submit date:2611220000 done date:2611220001 stat:${word} err:000 text:x`;

const words: [status: "delivered" | "failed" | "pending", words: string][] = [
  ["delivered", "DELIVRD DELIVERED Delivered READ"],
  ["failed", "UNDELIV UNDELIVERED UNDELIVERABLE FAILED REJECTD REJECTED EXPIRED DELETED ERROR NOT_DELIVERED"],
  ["pending", "ENROUTE ACCEPTD ACCEPTED UNKNOWN BUFFERED QUEUED SENT"],
];
for (const [status, all] of words) {
  test(`a receipt that says ${all} is ${status}`, () => {
    for (const word of all.split(" ")) assert.equal(readReceipt(aReceipt(), saying(word))?.status, status, word);
  });
}

test("a receipt tells that a number has opted out at the gateway", () => {
  for (const word of ["OPTOUT", "OPTED_OUT", "BLACKLISTED"]) {
    const receipt = readReceipt(aReceipt(), saying(word));
    assert.deepEqual([receipt?.status, receipt?.isOptedOut], ["failed", true]);
  }
});
