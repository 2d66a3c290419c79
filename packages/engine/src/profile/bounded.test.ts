import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";

import { type Bounds, keepBounded, laterTrait } from "./bounded.ts";
import type { Trait } from "./profile.ts";

const TIGHT: Bounds = { names: 5, nameLength: 20, valueLength: 2_000, together: 3_000 };

/** What a fold keeps of these statements, each a trait's value of so many characters. */
function kept(statements: { name: string; length: number; at: number }[], bounds: Bounds): Record<string, Trait> {
  const traits: Record<string, Trait> = {};
  for (const { name, length, at } of statements) {
    traits[name] = laterTrait(traits[name], { value: "x".repeat(length), at, by: `${name}-${at}` });
    keepBounded(traits, bounds);
  }
  return traits;
}

const anyStatement = fc.record({
  name: fc.constantFrom("email", "a", "b", "c", "d", "e", "f", "g"),
  length: fc.constantFrom(1, 58, 59, 700, 1_900),
  at: fc.integer({ min: 1, max: 5 }),
});

test("whatever the order of long and short statements, the same traits are kept", () => {
  fc.assert(
    fc.property(
      fc
        .uniqueArray(anyStatement, { maxLength: 20, selector: ({ name, at }) => `${name}-${at}` })
        .chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
      ([all, shuffled]) => assert.deepEqual(kept(shuffled, TIGHT), kept(all, TIGHT)),
    ),
    { numRuns: 2_000 },
  );
});

test("long traits go first by name, never one that the hub reads, and nothing goes while all are short", () => {
  const statement = (name: string, length: number) => ({ name, length, at: 1 });
  const names = (...all: [string, number][]) =>
    Object.keys(
      kept(
        all.map(([name, length]) => statement(name, length)),
        TIGHT,
      ),
    ).sort();

  assert.deepEqual(names(["z", 1_900], ["a", 1_900], ["b", 1_900], ["email", 1_900]), ["a", "email"]);
  assert.deepEqual(names(["z", 50], ["a", 50], ["b", 50], ["email", 50]), ["a", "b", "email", "z"]);
});
