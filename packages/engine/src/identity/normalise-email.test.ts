import assert from "node:assert/strict";
import { test } from "node:test";

import { normaliseEmail } from "./normalise-email.ts";

const read: [stated: string, address: string][] = [
  ["Ann@Example.COM", "ann@example.com"],
  ["\ufeffann@example.com\u00a0", "ann@example.com"],
  ["a\u200bnn@exam\u00adple.com", "ann@example.com"],
  ["\u202aann@example.com\u202c", "ann@example.com"],
  ["ann\u2060@example\ufe0f.com", "ann@example.com"],
  ["ａｎｎ＠ｅｘａｍｐｌｅ．ｃｏｍ", "ann@example.com"],
  ["mailto:ann@example.com", "ann@example.com"],
  ["иван@пример.рф", "иван@xn--e1afmkfd.xn--p1ai"],
  ["jörg@münchen.example", "jörg@xn--mnchen-3ya.example"],
  ["李@例え。jp", "李@xn--r8jz45g.jp"],
];
for (const [stated, address] of read)
  test(`${JSON.stringify(stated)} is read as ${address}`, () => assert.equal(normaliseEmail(stated), address));

const refused = [
  "аnn@example.com", // a Cyrillic а
  "ann@аpple.com",
  "ann@exαmple.com",
  "𝐚nn@example.com",
  "①nn@example.com",
  "ann﹫example.com",
  "ann@@example.com",
  "ann@exam ple.com",
  "ann@localhost",
  "\u200b@example.com",
  "ann@exa\u0000mple.com",
];
for (const stated of refused)
  test(`${JSON.stringify(stated)} is no address`, () => assert.equal(normaliseEmail(stated), null));
