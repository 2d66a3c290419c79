import { LEVELS, MISSING, SAME } from "./compare-fields.ts";

/** For each field the chance of each level of agreement. */
export type Agreement = readonly (readonly number[])[];

/**
 * Fellegi & Sunter's model (1969): agreement among matches (`m`) and among strangers (`u`), and the share of all pairs
 * that match. `relatives` are a third kind where there is one: people who share much (a family's name and address) and
 * yet differ in the rest as strangers do; without it a household would be taken for one person.
 */
export type MatchModel = {
  m: Agreement;
  u: Agreement;
  matchShare: number;
  relatives: { r: Agreement; share: number } | null;
};

/** What the model is fitted on: the candidates' levels, those of random pairs, and how many pairs there are in all. */
export type Evidence = { candidates: readonly Int8Array[]; random: readonly Int8Array[]; allPairs: number };

const MOST_ROUNDS = 60;
/** What is believed of matches before any is seen: mostly the same, at times mistyped. Worth one match. */
const BELIEVED_M: readonly number[] = [0.08, 0.04, 0.06, 0.8, 0.02];

/** Of relatives, before any is seen: as likely the same as not. */
const BELIEVED_R: readonly number[] = [0.5, 0.02, 0.03, 0.44, 0.01];
/** Relatives differ in this many fields at least, so often: a kind that does not is matches with more errors. */
const RELATIVES_DIFFER = { fields: 2, share: 0.75 };
/** And they share this much: a kind that does not is strangers whom chance brought together. */
const RELATIVES_SHARE = { fields: 3, share: 0.5 };
/** And they are this many pairs: of fewer, nothing can be learnt that is not chance. */
const FEWEST_RELATIVES = 20;

/**
 * Fits the model without knowing any match, by expectation and maximisation (Winkler 1988). `u` comes from random
 * pairs, less the matches among them; pairs that are no candidates count as strangers, so that the posterior holds
 * for all pairs and not for the candidates alone.
 */
export function fitMatchModel(evidence: Evidence): MatchModel {
  const counted = { ...evidence, candidates: patternsOf(evidence.candidates), random: patternsOf(evidence.random) };
  const withRelatives = fit(counted, BELIEVED_R);
  const { r, share } = withRelatives.relatives ?? { r: [], share: 0 };
  const isReal = share * evidence.allPairs >= FEWEST_RELATIVES && areRelatives(r);
  return isReal ? withRelatives : fit(counted, null);
}

function areRelatives(agreement: Agreement): boolean {
  const differing = agreement.filter((levels) => (levels[0] ?? 0) >= RELATIVES_DIFFER.share);
  const shared = agreement.filter((levels) => (levels[SAME] ?? 0) >= RELATIVES_SHARE.share);
  return differing.length >= RELATIVES_DIFFER.fields && shared.length >= RELATIVES_SHARE.fields;
}

/** The same levels in `count` pairs: a million pairs show a few thousand patterns. */
type Pattern = { levels: Int8Array; count: number };
type Counted = { candidates: readonly Pattern[]; random: readonly Pattern[]; allPairs: number };

function patternsOf(pairs: readonly Int8Array[]): Pattern[] {
  const patterns = new Map<string, Pattern>();
  for (const levels of pairs) {
    const key = String.fromCharCode(...levels.map((level) => level + 2));
    const pattern = patterns.get(key);
    if (pattern) pattern.count++;
    else patterns.set(key, { levels, count: 1 });
  }
  return [...patterns.values()];
}

function fit({ candidates, random, allPairs }: Counted, believedR: readonly number[] | null): MatchModel {
  const fields = (candidates[0] ?? random[0])?.levels.length ?? 0;
  const pairs = candidates.reduce((sum, { count }) => sum + count, 0);
  const randomPairs = random.reduce((sum, { count }) => sum + count, 0);
  const byField = (make: (field: number) => number[]) => Array.from({ length: fields }, (_, field) => make(field));
  const observed = byField((field) => sharesOf(random, field, () => 1, 0.5));
  const startShare = Math.min(0.5, (0.2 * pairs) / Math.max(1, allPairs));
  let model: MatchModel = {
    m: byField(() => [...BELIEVED_M]),
    u: observed,
    matchShare: startShare,
    relatives: believedR && { r: byField(() => [...believedR]), share: startShare },
  };
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const chances = candidates.map(({ levels }) => kindChances(levels, model));
    const share = (chanceFor: (i: number) => number) =>
      Math.max(1e-12, candidates.reduce((sum, { count }, i) => sum + count * chanceFor(i), 0) / Math.max(1, allPairs));
    const ofMatch = (i: number) => chances[i]?.match ?? 0;
    const ofRelatives = (i: number) => chances[i]?.relatives ?? 0;

    const matchShare = share(ofMatch);
    const m = byField((field) => sharesOf(candidates, field, ofMatch, 1, BELIEVED_M));
    const u = byField((field) => lessMatches(observed[field] ?? [], m[field] ?? [], matchShare, randomPairs));
    const r = believedR && byField((field) => sharesOf(candidates, field, ofRelatives, 1, believedR));
    const settled = Math.abs(matchShare - model.matchShare) < 1e-6 * matchShare;
    model = { m, u, matchShare, relatives: r && { r, share: share(ofRelatives) } };
    if (settled) break;
  }
  return model;
}

/**
 * The natural logarithm of the odds that a pair matches. `rarity(field)` says how much rarer the value agreed on is
 * among strangers than agreed values are (a logarithm).
 */
export function matchLogOdds(levels: Int8Array, model: MatchModel, rarity?: (field: number) => number): number {
  const { match, strangers, relatives } = kindLogs(levels, model);
  let rare = 0;
  if (rarity) for (let field = 0; field < levels.length; field++) rare += rarity(field);
  return match - logOfSum(strangers - rare, relatives);
}

function kindChances(levels: Int8Array, model: MatchModel): { match: number; relatives: number } {
  const { match, strangers, relatives } = kindLogs(levels, model);
  const all = logOfSum(logOfSum(match, strangers), relatives);
  return { match: Math.exp(match - all), relatives: Math.exp(relatives - all) };
}

/** The logarithms of share × likelihood of the three kinds; of relatives minus infinity where there are none. */
function kindLogs(levels: Int8Array, { m, u, matchShare, relatives }: MatchModel) {
  const share = relatives?.share ?? 0;
  const logs = {
    match: Math.log(matchShare),
    strangers: Math.log(Math.max(1e-12, 1 - matchShare - share)),
    relatives: share > 0 ? Math.log(share) : Number.NEGATIVE_INFINITY,
  };
  for (let field = 0; field < levels.length; field++) {
    const level = levels[field] ?? MISSING;
    if (level === MISSING) continue;
    logs.match += Math.log(m[field]?.[level] ?? 1);
    logs.strangers += Math.log(u[field]?.[level] ?? 1);
    if (relatives) logs.relatives += Math.log(relatives.r[field]?.[level] ?? 1);
  }
  return logs;
}

function logOfSum(a: number, b: number): number {
  const greater = Math.max(a, b);
  return greater === Number.NEGATIVE_INFINITY ? greater : greater + Math.log1p(Math.exp(Math.min(a, b) - greater));
}

export function chanceOf(logOdds: number): number {
  return 1 / (1 + Math.exp(-logOdds));
}

/** The weighted share of each level, mixed with `belief` as `worth` pairs. */
function sharesOf(
  patterns: readonly Pattern[],
  field: number,
  weightOf: (pattern: number) => number,
  worth: number,
  belief: readonly number[] = LEVELS.map(() => 1 / LEVELS.length),
): number[] {
  const sums = belief.map((share) => share * worth);
  let total = worth;
  for (let i = 0; i < patterns.length; i++) {
    const level = patterns[i]?.levels[field] ?? MISSING;
    if (level === MISSING) continue;
    const weight = weightOf(i) * (patterns[i]?.count ?? 0);
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
