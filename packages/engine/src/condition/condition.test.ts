import assert from "node:assert/strict";
import { test } from "node:test";

import { compileExpression } from "./compile-expression.ts";
import type { Facts } from "./evaluate.ts";
import { compileCondition, compileNumber } from "./condition.ts";
import { explainCondition } from "./explain-condition.ts";
import type { Value } from "./value.ts";

const facts: Facts = {
  traits: {
    plan: "smart",
    age: 30,
    vip: true,
    gone: null,
    tags: ["a", 2],
    home: { city: "Kazan" },
    broken: Number.NaN,
  },
  features: { pages: 3 },
  consent: { "marketing/email": "granted" },
  item: { price: 5 },
  options: [{ price: 1 }, { price: 9 }],
  now: 1_000_000_000,
};

function known(source: string): Value {
  const compiled = compileCondition(source);
  assert.ok(compiled.kind === "condition", `${source}: ${JSON.stringify(compiled)}`);
  return compileExpression(compiled.condition.expression)(facts);
}

const table: [source: string, value: boolean | null][] = [
  ['traits.plan == "smart" && traits.age >= 18', true],
  ["traits.age > 29.5 && 31 > traits.age", true],
  ["traits.nobody == 1", null],
  ["traits.nobody != 1", null],
  ["!(traits.nobody == 1)", null],
  ["traits.gone == 1", null],
  ["traits.broken < 1", null],
  ["traits.gone == null", true],
  ["traits.nobody != null", false],
  ["has(traits.gone)", false],
  ["has(traits.plan)", true],
  ["traits.nobody == 1 && false", false],
  ["traits.nobody == 1 || true", true],
  ["traits.nobody == 1 && true", null],
  ["traits.nobody == 1 || false", null],
  ["traits.plan == traits.age", false],
  ["traits.plan != traits.age", true],
  ["traits.plan < traits.age", null],
  ["traits.plan && true", null],
  ["traits.vip", true],
  ['traits.home.city == "Kazan"', true],
  ['traits["home"]["city"] == "Kazan"', true],
  ["traits.constructor == null", true],
  ["traits.plan.length == null", true],
  ['traits.tags[0] == "a"', true],
  ["traits.tags[5] == null", true],
  ['"a" in traits.tags', true],
  ['traits.plan in ["basic", "smart"]', true],
  ["traits.nobody in [1]", null],
  ["traits.age in traits.plan", null],
  ["options.exists(o, o.price > 8)", true],
  ["options.all(o, o.price > 8)", false],
  ["options.all(o, o.cost > 8)", null],
  ["options.exists(o, o.cost > 8 || o.price == 1)", true],
  ["traits.age / 0 > 1", null],
  ["traits.age % 7 == 2", true],
  ["-traits.age < 0", true],
  ["1e308 + 1e308 > 0", null],
  ["1e200 * 1e200 > 0", null],
  ["(traits.vip ? 1 : 2) == 1", true],
  ["(traits.nobody ? 1 : 2) == 2", null],
  ['traits.plan.startsWith("sm") && traits.plan.endsWith("rt") && traits.plan.contains("mar")', true],
  ['upperAscii(traits.plan) == "SMART"', true],
  ['traits.plan + "!" == "smart!"', true],
  ["size(traits.tags) == 2 && size(traits.plan) == 5", true],
  ["min(traits.age, 5, 7) == 5 && max(1, 2) == 2", true],
  ["abs(-2) == 2 && round(2.5) == 3 && round(-2.5) == -3 && floor(-0.5) == -1 && ceil(0.5) == 1", true],
  ['consent["marketing/email"] == "granted"', true],
  ['now - duration("1d12h") > timestamp("1970-01-01T00:00:00Z")', true],
];
for (const [source, value] of table) {
  test(`${source} is ${value === null ? "unknown" : value}`, () => assert.equal(known(source), value));
}

test("texts are ordered by code point, also beyond the basic plane", () => {
  const emoji = { traits: { a: "\u{1F600}", b: "\uE000", c: "\u{1F600}x" } };
  const holds = (source: string) => {
    const compiled = compileCondition(source);
    return compiled.kind === "condition" && compiled.condition.holds(emoji);
  };
  assert.ok(holds("traits.a > traits.b") && holds("traits.a < traits.c") && holds("size(traits.a) == 1"));
});

const faults: [source: string, message: RegExp, at?: number][] = [
  ["traits.age >", /Unexpected token/, 12],
  ["trait.age > 1", /no variable "trait"; there are customer, traits/, 0],
  ["traits.age + 1", /answers a number, not a boolean/],
  ['traits.age > 1 && 1 < "a"', /a number is compared with a string/, 22],
  ['1 == "a"', /compared/],
  ["null < traits.age", /null has no order/],
  ["true < traits.vip", /only numbers and strings have an order/],
  ["shout(traits.plan)", /no function "shout"/],
  ["startsWith(traits.plan)", /takes 2, not 1/],
  ['abs("x") > 1', /a string where a number is needed/],
  ['duration("soon") > 1', /duration takes one constant text/],
  ["options.exists(now, true)", /already a variable/],
  ["options.map(o, o.price) == 1", /no variable "o"|no function "map"/],
  ['{"a": 1} == traits.home', /not supported/],
  ["1u == traits.age", /not supported/],
];
for (const [source, message, at] of faults) {
  test(`${source} is a fault that says ${message.source}`, () => {
    const compiled = compileCondition(source);
    assert.ok(compiled.kind === "fault" && message.test(compiled.message), JSON.stringify(compiled));
    if (at !== undefined) assert.equal(compiled.at, at);
  });
}

test("a number that cannot be known is null", () => {
  const compiled = compileNumber("0.2 + item.price / features.pages");
  assert.ok(compiled.kind === "number");
  assert.equal(compiled.number.of(facts), 0.2 + 5 / 3);
  assert.equal(compiled.number.of({}), null);
  assert.deepEqual(compiled.number.reads, [
    ["item", "price"],
    ["features", "pages"],
  ]);
});

test("a condition names the first of its parts that is not true", () => {
  const compiled = compileCondition(
    "has(traits.plan) && (traits.age > 40 || traits.vip == false) && features.pages > 1",
  );
  assert.ok(compiled.kind === "condition");
  assert.equal(compiled.condition.unmet(facts), "traits.age > 40 || traits.vip == false");
  assert.equal(compiled.condition.unmet({ ...facts, traits: { plan: "x", age: 50 } }), null);
});

test("an explanation tells what each part came to", () => {
  const compiled = compileCondition('traits.plan == "smart" && traits.nobody > 1');
  assert.ok(compiled.kind === "condition");
  assert.deepEqual(explainCondition(compiled.condition, facts), {
    text: 'traits.plan == "smart" && traits.nobody > 1',
    value: null,
    parts: [
      { text: 'traits.plan == "smart"', value: true, parts: [{ text: "traits.plan", value: "smart", parts: [] }] },
      { text: "traits.nobody > 1", value: null, parts: [{ text: "traits.nobody", value: null, parts: [] }] },
    ],
  });
});
