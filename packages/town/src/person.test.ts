import assert from "node:assert/strict";
import { test } from "node:test";

import { parsePhoneNumberFromString } from "libphonenumber-js";

import { peopleOf } from "./person.ts";

test("the same seed gives the same people, and the first ones whatever the count", () => {
  assert.deepEqual(peopleOf({ seed: 7, count: 3 }), peopleOf({ seed: 7, count: 30 }).slice(0, 3));
  assert.notDeepEqual(peopleOf({ seed: 7, count: 3 }), peopleOf({ seed: 8, count: 3 }));
});

test("everybody has a valid telephone number and a mailbox of their own", () => {
  const people = peopleOf({ seed: 1, count: 25_000 });
  assert.equal(new Set(people.flatMap(({ phone, email }) => [phone, email])).size, 50_000);
  for (const { phone } of people.filter((_, index) => index % 997 === 0))
    assert.ok(parsePhoneNumberFromString(phone)?.isValid(), phone);
});

test("the town speaks English, Russian and Chinese", () => {
  assert.deepEqual(
    new Set(peopleOf({ seed: 1, count: 50 }).map(({ language }) => language)),
    new Set(["en", "ru", "zh"]),
  );
});
