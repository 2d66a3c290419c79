import assert from "node:assert/strict";
import { test } from "node:test";

import { firstLanguage, type Key, LANGUAGES } from "./languages.ts";
import { fill, type Message } from "./words.ts";

const KEYS = Object.keys(LANGUAGES.en.words) as Key[];
const sentencesOf = (message: Message): string[] => (typeof message === "string" ? [message] : Object.values(message));
const namesIn = (sentence: string): string[] =>
  [...sentence.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? "").sort();

for (const [language, { name, locale, words }] of Object.entries(LANGUAGES)) {
  test(`${name} has every message and no other`, () => {
    assert.deepEqual(Object.keys(words).sort(), [...KEYS].sort());
    for (const key of KEYS) for (const sentence of sentencesOf(words[key])) assert.notEqual(sentence.trim(), "", key);
  });

  test(`${name} names the same parameters as English in every message and every plural form`, () => {
    for (const key of KEYS) {
      const wanted = namesIn(sentencesOf(LANGUAGES.en.words[key]).at(-1) ?? "");
      for (const sentence of sentencesOf(words[key])) assert.deepEqual(namesIn(sentence), wanted, `${language} ${key}`);
    }
  });

  test(`${name} has the plural forms its grammar asks for`, () => {
    const wanted = new Intl.PluralRules(locale).resolvedOptions().pluralCategories;
    for (const key of KEYS) {
      const message: Message = words[key];
      if (typeof message === "string") continue;
      for (const count of [0, 1, 2, 5, 11, 21, 22, 25, 101]) {
        const form = new Intl.PluralRules(locale).select(count);
        assert.ok(
          wanted.includes(form) && (message[form] ?? (form === "many" && message.other)),
          `${key} for ${count}`,
        );
      }
    }
  });
}

test("Russian counts one, few and many", () => {
  const { words, locale } = LANGUAGES.ru;
  const told = [1, 3, 5, 21].map((count) => fill(words["customer.events"], { count }, locale));

  assert.deepEqual(told, ["1 событие", "3 события", "5 событий", "21 событие"]);
});

test("the browser's language is spoken first, an earlier choice before it, and English when neither is known", () => {
  assert.equal(firstLanguage(null, ["fr-FR", "zh-TW", "en"]), "zh");
  assert.equal(firstLanguage("ru", ["zh-CN"]), "ru");
  assert.equal(firstLanguage("xx", ["de"]), "en");
});
