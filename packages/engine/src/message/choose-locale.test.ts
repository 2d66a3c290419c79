import assert from "node:assert/strict";
import { test } from "node:test";

import { chooseLocale } from "./choose-locale.ts";

const cases: [wanted: string[], available: string[], chosen: string | null][] = [
  [["ru"], ["en", "ru"], "ru"],
  [["de-AT", "en"], ["en", "de"], "de"],
  [["de"], ["en", "de-CH"], "de-CH"],
  [["pt_BR"], ["pt-PT", "pt-br"], "pt-br"],
  [["zh-TW"], ["zh-Hans", "zh-Hant"], "zh-Hant"],
  [["zh-TW", "en"], ["zh", "en"], "en"],
  [["zh-CN"], ["en", "zh"], "zh"],
  [["not a locale", "fr"], ["en", "fr"], "fr"],
  [["ja"], ["en", "fr"], "en"],
  [["ja"], [], null],
];
for (const [wanted, available, chosen] of cases) {
  test(`who wants ${wanted.join(" then ")} gets ${chosen} of ${available.join(", ") || "none"}`, () => {
    assert.equal(chooseLocale(wanted, available), chosen);
  });
}
