import assert from "node:assert/strict";
import { test } from "node:test";

import { idsOf, keptId } from "./provider-id.ts";

const cases: [answered: string, receipt: string][] = [
  ["7b", "123"],
  ["7B", "0000000123"],
  ["123", "7B"],
  ["0000012345", "12345"],
  ["12345", "0000012345"],
  ["AbC-9f", "ABC-9F"],
  ["0x1F4", "500"],
  ["4bd0f2a1c9e87d31", "5463133124691524913"],
  ["0", "0"],
];
for (const [answered, receipt] of cases) {
  test(`the receipt of ${receipt} is of the message that was taken as ${answered}`, () =>
    assert.ok(idsOf(receipt).includes(keptId(answered)), idsOf(receipt).join(" ")));
}

test("an id that was kept before it had one form is still looked for as it is", () => {
  assert.equal(idsOf("00AB")[0], "00AB");
});
