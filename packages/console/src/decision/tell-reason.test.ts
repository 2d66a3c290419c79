import assert from "node:assert/strict";
import { test } from "node:test";

import { formatsOf } from "../language/formats.ts";
import { LANGUAGES, type Language } from "../language/languages.ts";
import { fill, type Message } from "../language/words.ts";
import { AS_IT_WAS, questionOf } from "./supposed.ts";
import { type Teller, tellReason, tellSentence } from "./tell-reason.ts";

function aTeller(language: Language): Teller {
  const { words, locale } = LANGUAGES[language];
  const known: Record<string, Message> = words;
  return {
    say: (key, given = {}) => (known[key] === undefined ? null : fill(known[key], given, locale)),
    format: formatsOf(locale, "UTC"),
    currency: "USD",
    titles: new Map([["plan", "Advise another plan"]]),
  };
}

test("a reason is told in the reader's language with its sums, shares and titles", () => {
  const expects = { code: "expects", params: { success: 0.2, valueToCompany: 2, valueToCustomer: 97.15, weight: 1 } };
  const told = tellSentence(expects, "", aTeller("en"));

  assert.equal(told, "It succeeds with probability 20%, brings the customer $97.15 and the company $2.00.");
  const outscored = { code: "outscored", params: { by: "plan", score: 19.589 } };
  assert.equal(tellReason(outscored, "", aTeller("ru")), "«Advise another plan» ценнее: 19,59");
});

test("a purpose and a channel are told in words", () => {
  const withdrawn = { code: "consent-withdrawn", params: { purpose: "service", channel: "email", by: "letter" } };

  assert.equal(tellReason(withdrawn, "", aTeller("ru")), "клиент отозвал согласие: обслуживание, почта");
});

test("a limit that is never free again is spent until further notice", () => {
  const cap = { code: "cap", params: { cap: "a-week", limit: 2, until: 8.64e15 } };

  assert.equal(tellReason(cap, "", aTeller("en")), "the limit “a-week” of 2 is spent until further notice");
});

test("a code without words is told as the hub tells it", () => {
  assert.equal(tellReason({ code: "brand-new", params: {} }, "it is brand new", aTeller("zh")), "it is brand new");
});

test("what is supposed of one record of a list asks with the whole list", () => {
  const facts = {
    "features.n": 1,
    options: [
      { name: "a", price: 1 },
      { name: "b", price: 2 },
    ],
  };

  assert.deepEqual(questionOf(facts, AS_IT_WAS), {});
  assert.deepEqual(
    questionOf(facts, { ...AS_IT_WAS, facts: { "features.n": 3 }, records: { "options/b": { price: 9 } } }),
    {
      facts: {
        "features.n": 3,
        options: [
          { name: "a", price: 1 },
          { name: "b", price: 9 },
        ],
      },
    },
  );
});
