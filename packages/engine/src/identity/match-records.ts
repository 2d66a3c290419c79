import { candidatePairs, type Pair } from "./candidate-pairs.ts";
import { clusterMatches } from "./cluster-matches.ts";
import { cleanValue, type CleanRecord, compareRecords, type MatchField, partnersOf, SAME } from "./compare-fields.ts";
import { chanceOf, fitMatchModel, matchLogOdds, type MatchModel } from "./fellegi-sunter.ts";

/** Two records (by position) that may be one person, with the chance that they are; for a person to accept. */
export type MatchSuggestion = Pair & { chance: number };

/** `clusters` holds every record once, by position; a record that matches none stands alone. */
export type Matches = { suggestions: MatchSuggestion[]; clusters: number[][]; model: MatchModel };

/** From this chance a pair is suggested: a false merge is taken to cost four times a missed one. */
export const SUGGESTION_CHANCE = 0.8;
const MOST_RANDOM_PAIRS = 60_000;

/**
 * Suggests which records are of one person, learning from the records alone what agreement is worth. A record's
 * values stand in the order of the fields; "" is missing. Suggestions are the pairs whose chance by the model is at
 * least `suggestionChance`, likeliest first. The same records give the same answer.
 */
export function matchRecords(
  rows: readonly (readonly string[])[],
  fields: readonly MatchField[],
  suggestionChance: number = SUGGESTION_CHANCE,
): Matches {
  const records = rows.map((row) => row.map(cleanValue));
  const partners = partnersOf(fields);
  const compare = (a: number, b: number) => compareRecords(records[a] ?? [], records[b] ?? [], fields, partners);
  const pairs = candidatePairs(records, fields, partners);
  const candidates = pairs.map(({ a, b }) => compare(a, b));
  const random = randomPairs(records.length).map(({ a, b }) => compare(a, b));
  const model = fitMatchModel({ candidates, random, allPairs: (records.length * (records.length - 1)) / 2 });

  const rarityOf = rarity(records, fields);
  const logOddsOf = (levels: Int8Array, a: number) =>
    matchLogOdds(levels, model, (field) => (levels[field] === SAME ? rarityOf(field, records[a]?.[field] ?? "") : 0));
  const least = Math.log(suggestionChance / (1 - suggestionChance));
  const links = pairs
    .map(({ a, b }, i) => ({ a, b, logOdds: logOddsOf(candidates[i] ?? new Int8Array(0), a) }))
    .filter(({ logOdds }) => logOdds >= least)
    .sort((x, y) => y.logOdds - x.logOdds);
  return {
    suggestions: links.map(({ a, b, logOdds }) => ({ a, b, chance: chanceOf(logOdds) })),
    clusters: clusterMatches(records.length, links, (a, b) => logOddsOf(compare(a, b), a)),
    model,
  };
}

/** Pairs spread evenly over all pairs, without chance: neighbours at evenly spaced distances. */
function randomPairs(size: number): Pair[] {
  const distances = Math.min(size - 1, Math.ceil((2 * MOST_RANDOM_PAIRS) / Math.max(1, size)));
  return Array.from({ length: Math.max(0, distances) }, (_, turn) => {
    const distance = 1 + Math.floor((turn * (size - 1)) / distances);
    return Array.from({ length: size - distance }, (__, a) => ({ a, b: a + distance }));
  }).flat();
}

/**
 * What agreeing on this very value says beyond agreeing: the logarithm of how much rarer it is than agreed values
 * are on average (Winkler's frequency-based matching), for words; digits are all about equally rare.
 */
function rarity(
  records: readonly CleanRecord[],
  fields: readonly MatchField[],
): (field: number, value: string) => number {
  const counts = fields.map((_, field) => countValues(records, field));
  const typical = counts.map((count) => {
    let known = 0;
    let squares = 0;
    for (const times of count.values()) {
      known += times;
      squares += times * times;
    }
    return squares / Math.max(1, known);
  });
  return (field, value) => {
    if (fields[field]?.kind === "digits") return 0;
    return Math.log((typical[field] ?? 1) / Math.max(1, counts[field]?.get(value) ?? 1)) / 2;
  };
}

function countValues(records: readonly CleanRecord[], field: number): Map<string, number> {
  const counts = new Map<string, number>();
  for (const record of records) {
    const value = record[field] ?? "";
    if (value !== "") counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return counts;
}
