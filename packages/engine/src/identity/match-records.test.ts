import assert from "node:assert/strict";
import { test } from "node:test";

import { clusterMatches } from "./cluster-matches.ts";
import { compareRecords, LEVELS, type MatchField, MISSING, partnersOf } from "./compare-fields.ts";
import { matchRecords } from "./match-records.ts";

const FIELDS: MatchField[] = [
  { name: "given", kind: "name", swapsWith: "surname" },
  { name: "surname", kind: "name", swapsWith: "given" },
  { name: "street", kind: "text" },
  { name: "born", kind: "digits" },
  { name: "card", kind: "digits" },
];

const SYLLABLES = ["ka", "lo", "mi", "ran", "te", "vo", "sel", "dur", "an", "bri"];
const wordOf = (seed: number) => {
  const scattered = Math.imul(seed + 1, 2_654_435_761) >>> 8;
  return [1, 10, 100].map((place) => SYLLABLES[Math.floor(scattered / place) % 10]).join("");
};

/** 200 people, each of their own name, street, birthday and card. */
function people(): string[][] {
  return Array.from({ length: 200 }, (_, i) => [
    wordOf(i),
    wordOf(i + 1000),
    `${wordOf(i + 2000)} street`,
    String(19_300_101 + ((i * 7919) % 600_000)),
    String(1_000_000 + i * 44_711),
  ]);
}

const levelsOf = (a: string[], b: string[]) =>
  [...compareRecords(a, b, FIELDS, partnersOf(FIELDS))].map((level) => (level === MISSING ? "missing" : LEVELS[level]));

test("fields are compared by likeness, typing errors, exchange of columns and absence", () => {
  assert.deepEqual(
    levelsOf(["anna", "berg", "long  road", "19080912", "7364009"], ["anna", "berg", "longroad", "19081209", ""]),
    ["same", "same", "close", "close", "missing"],
  );
  assert.deepEqual(levelsOf(["anna", "berg", "x", "1", "7364009"], ["berg", "anna", "y", "2", "7364090"]).slice(0, 2), [
    "swapped",
    "missing",
  ]);
  assert.equal(levelsOf(["", "", "", "", "7364009"], ["", "", "", "", "7364090"])[4], "close");
});

test("mistyped, missing and exchanged values do not hide a person, and strangers stay apart", () => {
  const originals = people();
  const copies = originals.map(([given = "", surname = "", street = "", born = "", card = ""], i) => {
    if (i % 4 === 0) return [surname, given, street, born, card];
    if (i % 4 === 1) return [given, surname, "", born, card.slice(0, -1)];
    if (i % 4 === 2) return [`${given}a`, surname, street, born, ""];
    return [given, surname, street.replace("street", "st"), born.slice(0, 6) + born.slice(7), card];
  });
  const { clusters, suggestions } = matchRecords([...originals, ...copies], FIELDS);
  assert.ok(suggestions.every(({ a, b }) => b - a === 200));
  assert.equal(clusters.length, 200);
});

test("a household is not taken for one person, and its members' own records are still found", () => {
  const members = people().map(([given = "", surname = "", street = "", born = "", card = ""], i) => {
    const [, family = "", home = ""] = people()[i - (i % 4)] ?? ["", surname, street];
    return [given, family, home, born, card];
  });
  const copies = members.filter((_, i) => i % 3 === 0).map(([given = "", ...rest]) => [`${given}h`, ...rest]);
  const { clusters } = matchRecords([...members, ...copies], FIELDS);
  assert.equal(clusters.length, 200);
});

test("the same records give the same suggestions, likeliest first, none below the chance asked for", () => {
  const records = [...people(), ...people().slice(0, 50)];
  const first = matchRecords(records, FIELDS, 0.95).suggestions;
  assert.deepEqual(matchRecords(records, FIELDS, 0.95).suggestions, first);
  assert.equal(first.length, 50);
  assert.ok(first.every(({ chance }, i) => chance >= 0.95 && chance <= (first[i - 1]?.chance ?? 1)));
});

test("few or no records are no error", () => {
  assert.deepEqual(matchRecords([], FIELDS).clusters, []);
  assert.deepEqual(matchRecords([people()[0] ?? []], FIELDS).clusters, [[0]]);
  assert.equal(
    matchRecords(
      [
        ["", "", "", "", ""],
        ["", "", "", "", ""],
      ],
      FIELDS,
    ).suggestions.length,
    0,
  );
});

test("one chance link does not chain two groups of strangers", () => {
  const strong = new Set(["0-1", "2-3", "1-2"]);
  const logOddsOf = (a: number, b: number) => (strong.has(`${Math.min(a, b)}-${Math.max(a, b)}`) ? 4 : -9);
  const links = [
    { a: 0, b: 1, logOdds: 9 },
    { a: 2, b: 3, logOdds: 8 },
    { a: 1, b: 2, logOdds: 4 },
  ];
  assert.deepEqual(clusterMatches(4, links, logOddsOf), [
    [0, 1],
    [2, 3],
  ]);
});
