import { PROVEN } from "@rapport/contract/origin";
import { emptyProfile, type Feature, type FeatureState, type Profile } from "@rapport/engine/profile/index";
import fc from "fast-check";

/** Random profiles and random conditions over them, chosen to meet every rule of `value.ts` often. For tests. */
export const NOW = Date.UTC(2026, 10, 18, 12);
const DAY = 86_400_000;

export const FEATURES: readonly Feature[] = [
  { name: "pages", kind: "count", events: ["page"], from: PROVEN, property: null, windowMs: 7 * DAY },
  { name: "mb", kind: "sum", events: ["data"], from: PROVEN, property: "mb", windowMs: 2 * DAY },
  { name: "by_day", kind: "daily", events: ["data"], from: PROVEN, property: "mb", windowMs: 60 * DAY },
  { name: "last_plan", kind: "last", events: ["plan"], from: PROVEN, property: "plan", windowMs: 30 * DAY },
  { name: "cities", kind: "distinct", events: ["page"], from: PROVEN, property: "city", windowMs: 30 * DAY },
];
const TRAITS = ["plan", "city", "age", "flag", "tags", "obj", "an 'odd' \"name\""];

const texts = ["", "a", "A", "b", "é", "\u{1F600}", "\uE000", "a_b", "granted", "10"];
const numbers = [
  0, -0, 1, 2, 3, -2.5, 0.1, 0.2, 0.30000000000000004, 10, 1e150, 2e150, 1e-150, 1e-160, 1e301, 1e308, 5e-324,
];
const text = fc.constantFrom(...texts);
const number = fc.constantFrom(...numbers);
const plain = fc.oneof(text, number, fc.boolean(), fc.constant(null));
const value = fc.oneof(
  { weight: 4, arbitrary: plain },
  fc.array(fc.oneof(plain, fc.record({ deep: plain }, { requiredKeys: [] })), { maxLength: 3 }),
  fc.record({ deep: plain, more: fc.array(plain, { maxLength: 2 }) }, { requiredKeys: [] }),
);

const at = fc.integer({ min: -70, max: 1 }).map((days) => NOW + days * DAY + 1);

export function aProfileOf(features: readonly Feature[]): fc.Arbitrary<Profile> {
  const stamped = fc.record({ value, at, by: fc.constant("e") });
  const status = fc.constantFrom("granted" as const, "withdrawn" as const);
  const consent = fc.record({
    value: fc.record({ status, source: fc.constant("s"), text: fc.constant(null), ip: fc.constant(null) }),
    at,
    by: fc.constant("e"),
  });
  const states = Object.fromEntries(features.map((feature) => [feature.name, stateOf(feature)]));
  return fc
    .record({
      claimed: fc.dictionary(fc.constantFrom("plan", "city"), stamped, { maxKeys: 2, noNullPrototype: true }),
      traits: fc.dictionary(fc.constantFrom(...TRAITS), stamped, { maxKeys: 7, noNullPrototype: true }),
      consent: fc.dictionary(fc.constantFrom("marketing/sms", "service/*"), consent, { noNullPrototype: true }),
      features: fc.record(states, { requiredKeys: [], noNullPrototype: true }),
      lastSeenAt: at,
    })
    .map((given) => ({ ...emptyProfile("c"), firstSeenAt: 0, ...given }) as Profile);
}

function stateOf({ kind }: Feature): fc.Arbitrary<FeatureState> {
  const millionths = fc.integer({ min: 0, max: 5_000_000 }).map((count) => count / 1e6);
  switch (kind) {
    case "count":
    case "sum":
    case "daily": {
      // Hours and days are both bucket widths: whichever a feature has, some keys fall into its window.
      const bucket = fc.oneof(
        at.map((moment) => Math.floor(moment / DAY)),
        at.map((moment) => Math.floor(moment / 3_600_000)),
      );
      const sum = fc.dictionary(bucket.map(String), millionths, { maxKeys: 5, noNullPrototype: true });
      return sum.map((sums) => ({ kind: "buckets", sum: sums }));
    }
    case "last":
      return fc.record({ value, at, by: fc.constant("e") }).map((last) => ({ kind: "last", last }));
    case "distinct":
      return fc
        .dictionary(text, at, { maxKeys: 4, noNullPrototype: true })
        .map((lastSeenAt) => ({ kind: "distinct", lastSeenAt }));
  }
}

const literalText = text.map((one) => JSON.stringify(one));
const literalNumber = number.map((one) => (Object.is(one, -0) ? "-0.0" : one < 0 ? `(${one})` : `${one}`));

const fact = fc.constantFrom(
  ...TRAITS.map((name) => `traits[${JSON.stringify(name)}]`),
  "traits.nobody",
  "traits.obj.deep",
  "traits.tags[0]",
  "traits.tags[1].deep",
  'traits.obj["more"]',
  "features.pages",
  "features.mb",
  "features.by_day",
  "features.last_plan",
  "features.cities",
  'consent["marketing/sms"]',
  "customer.lastSeenAt",
  "customer.id",
  "now",
);

const { condition } = fc.letrec<{ condition: string; amount: string; words: string; some: string }>((tie) => {
  const comparison = fc.constantFrom("==", "!=", "<", "<=", ">", ">=");
  const of = (...parts: (fc.Arbitrary<string> | string)[]) =>
    fc.tuple(...parts.map((part) => (typeof part === "string" ? fc.constant(part) : part))).map((all) => all.join(""));
  const amount = tie("amount");
  const words = tie("words");
  const some = tie("some");
  const test = tie("condition");
  return {
    amount: fc.oneof(
      { maxDepth: 3, depthIdentifier: "x" },
      fact,
      literalNumber,
      of("(", amount, fc.constantFrom(" + ", " - ", " * ", " / "), amount, ")"),
      of(fc.constantFrom("abs", "floor", "ceil", "round"), "(", amount, ")"),
      of(fc.constantFrom("min", "max"), "(", amount, ", ", amount, ")"),
      of("size(", fact, ")"),
      of("(", test, " ? ", amount, " : ", amount, ")"),
    ),
    words: fc.oneof(
      { maxDepth: 3, depthIdentifier: "x" },
      fact,
      literalText,
      of("(", literalText, " + ", words, ")"),
      of(fc.constantFrom("lowerAscii", "upperAscii"), "(", words, ")"),
    ),
    some: fc.oneof(
      { maxDepth: 3, depthIdentifier: "x" },
      fact,
      amount,
      words,
      of("(", test, " ? ", some, " : ", some, ")"),
    ),
    condition: fc.oneof(
      { maxDepth: 4, depthIdentifier: "x" },
      of(fact, " ", comparison, " ", fc.oneof(literalNumber, literalText)),
      fact,
      of(fact, " ", comparison, " ", fact),
      of(amount, " ", comparison, " ", amount),
      of(words, " ", comparison, " ", words),
      of(fact, fc.constantFrom(" == ", " != "), fc.constantFrom("null", "true", "false")),
      of("has(", some, ")"),
      of(words, ".", fc.constantFrom("startsWith", "endsWith", "contains"), "(", words, ")"),
      of(fact, " in [", literalText, ", ", literalNumber, ", ", fact, "]"),
      of(some, " in ", fact),
      of("(", test, ")", fc.constantFrom(" && ", " || "), "(", test, ")"),
      of("!(", test, ")"),
      of(
        fact,
        fc.constantFrom(".exists", ".all"),
        "(t, t ",
        comparison,
        " ",
        fc.oneof(literalNumber, literalText, fact),
        ")",
      ),
      of(fact, ".exists(t, t.deep == ", fc.oneof(literalNumber, literalText), " || t in ", fact, ")"),
      of("(", test, " ? ", test, " : ", test, ")"),
    ),
  };
});

/** The text of a condition, now and then one whose kinds do not fit: those are left out. */
export const anExpression: fc.Arbitrary<string> = condition;
