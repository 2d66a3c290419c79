import assert from "node:assert/strict";
import { test } from "node:test";

import { normaliseClaim } from "./normalise-claim.ts";
import { isPlaceholder, isPlaceholderEmail } from "./placeholder.ts";
import { defaultIdentityPolicy } from "./policy.ts";

const nobody = [
  ...[
    "id",
    "email",
    "distinct_id",
    "distinctId",
    "not_authenticated",
    "anonymous_user",
    "Guest",
    "undefined",
    "null",
    "NaN",
  ],
  ...[
    "[object Object]",
    "[object Promise]",
    "undefined undefined",
    "null_null",
    "null-undefined",
    '"null"',
    "'undefined'",
  ],
  ...[
    "(null)",
    "<null>",
    "<nil>",
    "Optional(nil)",
    "None",
    "N/A",
    "#N/A",
    "#REF!",
    "-",
    "--",
    ".",
    "?",
    "0",
    "000",
    "0.0",
  ],
  ...["000000000000000", "00000000-0000-0000-0000-000000000000", "00:00:00:00:00:00", "-1", "null\u200b", "ＮＵＬＬ"],
  ...[
    "{{user.id}}",
    "{{ userId }}",
    "$" + "{userId}",
    "#{id}",
    "{userId}",
    "%USER_ID%",
    "%%email%%",
    "*|EMAIL|*",
    "[user_id]",
  ],
  ...[
    "<user id>",
    "YOUR_USER_ID",
    "your-user-id",
    "User ID",
    "function () { return id }",
    "() => id",
    "Promise { <pending> }",
  ],
  ...["9774d56d682e549c", "unknown", "not logged in", "test", "true", "{}", "[]", "__"],
];
for (const value of nobody)
  test(`${JSON.stringify(value)} names nobody, of whatever kind it is said`, () => {
    assert.ok(isPlaceholder(value));
    for (const kind of ["user_id", "anonymous_id", "device_id", "loyalty_card"])
      assert.equal(normaliseClaim({ kind, value }, defaultIdentityPolicy), null);
  });

const somebody = [
  ...[
    "7",
    "42",
    "A-42",
    "0042",
    "ann",
    "guest-17",
    "user_1",
    "test-4711",
    "email|5f7c8ec7c33c6c004bbafe82",
    "nina",
    "null7",
  ],
  ...[
    "{3F2504E0-4F89-41D3-9A0C-0305E82C3301}",
    "用户",
    "Ωmega",
    "anonymous-9b1deb4d",
    "id:5",
    "100%",
    "<ann@town.example>x",
  ],
  ...["10000000-0000-0000-0000-000000000000", "truelove", "e-mail-7", "unknown-pleasures-1979"],
];
for (const value of somebody)
  test(`${JSON.stringify(value)} names somebody`, () => assert.equal(isPlaceholder(value), false));

test("addresses that forms are tried with join nobody, and people's own do", () => {
  const tried = [
    "test@test.com",
    "test@example.com",
    "noreply@example.com",
    "none@none.com",
    "undefined@undefined.com",
  ];
  const more = [
    "null@company.example",
    "a@a.com",
    "xxx@xxx.xx",
    "asdf@asdf.com",
    "email@domain.com",
    "ann@nowhere.invalid",
  ];
  for (const address of [...tried, ...more]) assert.ok(isPlaceholderEmail(address), address);
  for (const address of [
    "ann@example.com",
    "test@town.example",
    "bob@bob.com",
    "nullarbor@mail.com",
    "user@mail.town.example",
  ])
    assert.equal(isPlaceholderEmail(address), false, address);
});
