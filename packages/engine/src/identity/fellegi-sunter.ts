import { LEVELS, MISSING } from "./compare-fields.ts";

/**
 * Fellegi & Sunter's model (1969): for each field the chance of each level of agreement among matches (`m`) and among
 * others (`u`), and the share of all pairs that match.
 */
export type MatchModel = { m: number[][]; u: number[][]; matchShare: number };

/** What the model is fitted on: the candidates' levels, those of random pairs, and how many pairs there are in all. */
export type Evidence = { candidates: readonly Int8Array[]; random: readonly Int8Array[]; allPairs: number };

const MOST_ROUNDS = 60;
/** What is believed of matches before any is seen: mostly the same, at times mistyped. Worth one match. */
const BELIEVED_M: readonly number[] = [0.08, 0.04, 0.06, 0.8, 0.02];

/**
 * Fits the model without knowing any match, by expectation and maximisation (Winkler 1988). `u` comes from random
 * pairs, less the matches among them; pairs that are no candidates count as others, so that the posterior holds for
 * all pairs and not for the candidates alone.
 */
export function fitMatchModel({ candidates, random, allPairs }: Evidence): MatchModel {
  const fields = candidates[0]?.length ?? random[0]?.length ?? 0;
  const observed = Array.from({ length: fields }, (_, field) => sharesOf(random, field, () => 1, 0.5));
  let model: MatchModel = {
    m: observed.map(() => [...BELIEVED_M]),
    u: observed,
    matchShare: Math.min(0.5, (0.2 * candidates.length) / Math.max(1, allPairs)),
  };
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const chances = candidates.map((levels) => matchChance(levels, model));
    const matches = chances.reduce((a, b) => a + b, 0);
    const matchShare = Math.max(1e-12, matches / Math.max(1, allPairs));
    const m = observed.map((_, field) => sharesOf(candidates, field, (i) => chances[i] ?? 0, 1, BELIEVED_M));
    const u = observed.map((shares, field) => lessMatches(shares, m[field] ?? [], matchShare, random.length));
    const settled = Math.abs(matchShare - model.matchShare) < 1e-6 * matchShare;
    model = { m, u, matchShare };
    if (settled) break;
  }
  return model;
}

/** The natural logarithm of the odds that a pair matches. `rarity(field)` is added where the level itself is not all. */
export function matchLogOdds(levels: Int8Array, model: MatchModel, rarity?: (field: number) => number): number {
  let logOdds = Math.log(model.matchShare / (1 - model.matchShare));
  for (let field = 0; field < levels.length; field++) {
    const level = levels[field] ?? MISSING;
    if (level === MISSING) continue;
    logOdds += Math.log((model.m[field]?.[level] ?? 1) / (model.u[field]?.[level] ?? 1));
    if (rarity) logOdds += rarity(field);
  }
  return logOdds;
}

export function chanceOf(logOdds: number): number {
  return 1 / (1 + Math.exp(-logOdds));
}

function matchChance(levels: Int8Array, model: MatchModel): number {
  return chanceOf(matchLogOdds(levels, model));
}

/** The weighted share of each level, mixed with `belief` as `worth` pairs. */
function sharesOf(
  pairs: readonly Int8Array[],
  field: number,
  weightOf: (pair: number) => number,
  worth: number,
  belief: readonly number[] = LEVELS.map(() => 1 / LEVELS.length),
): number[] {
  const sums = belief.map((share) => share * worth);
  let total = worth;
  for (let i = 0; i < pairs.length; i++) {
    const level = pairs[i]?.[field] ?? MISSING;
    if (level === MISSING) continue;
    const weight = weightOf(i);
    sums[level] = (sums[level] ?? 0) + weight;
    total += weight;
  }
  return sums.map((sum) => sum / total);
}

/** Random pairs hold a few matches; for identifiers they would be most of what agrees. */
function lessMatches(shares: readonly number[], m: readonly number[], matchShare: number, seen: number): number[] {
  return shares.map((share, level) =>
    Math.max(share - matchShare * (m[level] ?? 0), 0.1 / Math.max(10, seen), share * 0.05),
  );
}
