import assert from "node:assert/strict";
import { test } from "node:test";

import { oneMailbox } from "./one-mailbox.ts";

const cases: [text: string, address: string | null][] = [
  ["anna@town.example", "anna@town.example"],
  ["Anna.B+tag@TOWN.example", "Anna.B+tag@town.example"],
  ["иван@town.example", null],
  ["ivan@почта.example", "ivan@xn--80a1acny.example"],
  ["a@b", null],
  ["a@b.example,c@d.example", null],
  ["a@b.example c@d.example", null],
  ["<a@b.example>", null],
  ["Anna <a@b.example>", null],
  ['"a@x.com>,<b@y.com"@z.example', null],
  ['"a b"@z.example', null],
  ["a@b.example\r\nBcc: c@d.example", null],
  ["a%0d%0aBcc:c@d.example", null],
  ["a@[127.0.0.1]", null],
  ["a..b@c.example", null],
  [`${"a".repeat(65)}@c.example`, null],
  ["a@b.example\u0000", null],
  ["a@127.0.0.1", null],
];
for (const [text, address] of cases) {
  test(`${JSON.stringify(text.slice(0, 40))} is ${address ?? "no mailbox"}`, () =>
    assert.equal(oneMailbox(text), address));
}

test("a hundred kilobytes of addresses are refused in a moment", () => {
  const before = process.cpuUsage();
  for (const unit of ["a@b.example, ", "<", '"', "(", "a.", "@", "\\"]) {
    assert.equal(oneMailbox(unit.repeat(100_000 / unit.length)), null);
  }
  assert.ok(process.cpuUsage(before).user < 1_000_000);
});
