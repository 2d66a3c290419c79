import assert from "node:assert/strict";
import { test } from "node:test";

import { normalisePhone } from "./normalise-phone.ts";
import { currentPhone, phoneForms } from "./phone-forms.ts";

const pairs: [country: string, old: string, now: string][] = [
  ["Mexico", "+5215512345678", "+525512345678"],
  ["Brazil", "+551187654321", "+5511987654321"],
  ["Benin", "+22997123456", "+2290197123456"],
  ["Ivory Coast", "+22507123456", "+2250707123456"],
  ["Ivory Coast", "+22545123456", "+2250545123456"],
  ["Ivory Coast", "+22501123456", "+2250101123456"],
  ["Cameroon", "+23777123456", "+237677123456"],
  ["Vietnam", "+841621234567", "+84321234567"],
  ["Vietnam", "+841991234567", "+84591234567"],
];
for (const [country, old, now] of pairs) {
  test(`${old} and ${now} of ${country} are one subscriber, known by the newer form`, () => {
    assert.deepEqual(phoneForms(old), [old, now]);
    assert.deepEqual(phoneForms(now), [now, old]);
    assert.deepEqual([currentPhone(old), currentPhone(now)], [now, now]);
    assert.deepEqual([normalisePhone(old, "US"), normalisePhone(now, "US")], [now, now]);
  });
}

test("an Argentine mobile is one subscriber with and without its 9, and keeps the form it is told in", () => {
  const [plain, mobile] = ["+541123456789", "+5491123456789"];
  assert.deepEqual(
    [phoneForms(plain), phoneForms(mobile)],
    [
      [plain, mobile],
      [mobile, plain],
    ],
  );
  assert.deepEqual([normalisePhone(plain, "US"), normalisePhone(mobile, "US")], [plain, mobile]);
});

test("a number that has one form alone is no other's", () => {
  for (const number of ["+13125550101", "+551133334444", "+4915112345670", "+22527201234"])
    assert.deepEqual([phoneForms(number), currentPhone(number)], [[number], number]);
});
