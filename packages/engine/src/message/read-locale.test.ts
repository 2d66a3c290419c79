import assert from "node:assert/strict";
import { test } from "node:test";

import { chooseLocale } from "./choose-locale.ts";
import { readLocale } from "./read-locale.ts";

const TEXTS = ["en", "de", "zh-Hans", "zh-Hant"];
const read: [stated: unknown, locale: string | null, text: string][] = [
  ["de_DE", "de-DE", "de"],
  ["DE", "de", "de"],
  ["de_AT.UTF-8", "de-AT", "de"],
  ["de-CH,de;q=0.9,en;q=0.8", "de-CH", "de"],
  ["zh_TW", "zh-TW", "zh-Hant"],
  ["zh_CN", "zh-CN", "zh-Hans"],
  ["ZH-hans-cn", "zh-Hans-CN", "zh-Hans"],
  ["AT", "de-AT", "de"],
  ["CN", "zh-CN", "zh-Hans"],
  ["US", "en-US", "en"],
  ["C", null, "en"],
  ["POSIX", null, "en"],
  ["nonsense", null, "en"],
  ["", null, "en"],
  [49, null, "en"],
];
for (const [stated, locale, text] of read)
  test(`${JSON.stringify(stated)} is the locale ${locale}, and finds the text in ${text}`, () => {
    assert.equal(readLocale(stated), locale);
    assert.equal(chooseLocale([readLocale(stated) ?? "en"], TEXTS), text);
  });
