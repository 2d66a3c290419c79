import type { Contact, ContactChannel, Proof } from "../profile/profile.ts";
import { timeOfDayMs } from "./zone.ts";

/** What is known of everybody on a channel: what learning about one customer begins with. */
export type ReachTerms = {
  /** Of those who ask for no channel, for this one, and for another. */
  usual: Prior;
  preferred: Prior;
  others: Prior;
  /** What proves that a message reached the customer. */
  proof: "delivered" | "seen";
};

/** P(reached) by local hour, and over the day. */
type Prior = { byHour: readonly number[]; expected: number; chance: LearnedReach["chance"] };

/** How one customer's reach is learned: see the policy file's `reach`. */
export type ReachLearning = { strength: number; silence: number; patienceMs: number };

/** P(reached) on a channel: one for the whole day, or one for each local hour; and what it was learned from. */
export type LearnedReach = {
  chance: number | readonly number[];
  /** What was expected before anything came back: the population's, moved by the customer's stated preference. */
  expected: number;
  /** Contacts whose outcome is known, silence included, and those of them that are proven to have reached. */
  contacts: number;
  reached: number;
};

export type ReachGiven = {
  ledger: readonly Contact[];
  proofs: Readonly<Record<string, Proof>>;
  /** The channel the customer asked for; null for none. */
  preferred: string | null;
  /** The customer's zone, for hours. */
  zone: string;
  now: number;
};

const HOUR_MS = 3_600_000;
/** A stated preference moves the odds: a population's 0.7 becomes 0.9 on the channel asked for and 0.5 on the others. */
const PREFERRED_ODDS = 4;
const OTHERS_ODDS = 0.45;
/** What one hour tells of itself and of those beside it. */
const NEARBY = [1, 0.5, 0.25];
/** An hour's own figure stands against the channel's as if this many times the prior spoke for the latter. */
const HOUR_STRENGTH = 2;

/** The terms of a channel on which `population` of all customers are reached: over the day, or in each of its hours. */
export function reachTerms(population: number | readonly number[], proof: ReachTerms["proof"]): ReachTerms {
  const byHour = typeof population === "number" ? new Array<number>(24).fill(population) : population;
  const [usual, preferred, others] = [1, PREFERRED_ODDS, OTHERS_ODDS].map((odds): Prior => {
    const moved = byHour.map((chance) => (odds === 1 ? chance : withOdds(chance, odds)));
    return { byHour: moved, expected: mean(moved), chance: oneOrMany(moved.map(round)) };
  }) as [Prior, Prior, Prior];
  return { usual, preferred, others, proof };
}

/**
 * P(this customer is reached) on a channel: Beta-binomial. The population's figure counts as `strength` contacts, each
 * contact of the customer's own as one, an unanswered one as `silence` of one; the hours are drawn to the channel's figure
 * in the same way, each contact telling a little of the hours beside its own.
 */
export function learnReach(
  channel: ContactChannel,
  terms: ReachTerms,
  { strength, silence, patienceMs }: ReachLearning,
  { ledger, proofs, preferred, zone, now }: ReachGiven,
): LearnedReach {
  const prior = preferred === null ? terms.usual : preferred === channel ? terms.preferred : terms.others;
  const expected = round(prior.expected);
  if (ledger.length === 0) return { chance: prior.chance, expected, contacts: 0, reached: 0 };
  const trials = new Float64Array(24);
  const hits = new Float64Array(24);
  let [contacts, reached, weight, hit] = [0, 0, 0, 0];
  for (const contact of ledger) {
    if (contact.channel !== channel) continue;
    const outcome = outcomeOf(contact, proofs[contact.messageId], terms.proof, now - patienceMs);
    if (outcome === null) continue;
    const isReached = outcome === "reached";
    const counts = outcome === "silent" ? silence : 1;
    contacts += 1;
    weight += counts;
    if (isReached) {
      reached += 1;
      hit += counts;
    }
    tellHours(Math.floor(timeOfDayMs(zone, contact.at) / HOUR_MS), counts, isReached, trials, hits);
  }
  if (contacts === 0) return { chance: prior.chance, expected, contacts, reached };
  const learned = (strength * prior.expected + hit) / (strength + weight);
  const chance = prior.byHour.map((usual, hour) => {
    const base = withOdds(learned, oddsOf(usual) / oddsOf(prior.expected));
    const stands = HOUR_STRENGTH * strength;
    return round((stands * base + (hits[hour] ?? 0)) / (stands + (trials[hour] ?? 0)));
  });
  return { chance: oneOrMany(chance), expected, contacts, reached };
}

/** What is known of one contact; null when it says nothing yet: not handed off, or too fresh. */
function outcomeOf(
  { state, at }: Contact,
  proof: Proof | undefined,
  proves: ReachTerms["proof"],
  silentBefore: number,
): "reached" | "missed" | "silent" | null {
  if (proof?.seen !== undefined || (proves === "delivered" && proof?.delivered !== undefined)) return "reached";
  if (proof?.missed !== undefined && proof.delivered === undefined) return "missed";
  if (state !== "committed" || at > silentBefore) return null;
  return "silent";
}

function tellHours(hour: number, counts: number, isReached: boolean, trials: Float64Array, hits: Float64Array): void {
  for (const [distance, share] of NEARBY.entries()) {
    for (const near of distance === 0 ? [hour] : [hour - distance, hour + distance]) {
      const index = (near + 24) % 24;
      trials[index] = (trials[index] ?? 0) + counts * share;
      if (isReached) hits[index] = (hits[index] ?? 0) + counts * share;
    }
  }
}

const oneOrMany = (chance: readonly number[]): LearnedReach["chance"] =>
  chance.every((one) => one === chance[0]) ? (chance[0] ?? 0) : chance;
const oddsOf = (chance: number): number => chance / (1 - chance);
const withOdds = (chance: number, times: number): number => {
  const odds = oddsOf(chance) * times;
  return odds / (1 + odds);
};
const mean = (values: readonly number[]): number => values.reduce((sum, one) => sum + one, 0) / values.length;
/** Records keep it for each hour, and nobody knows it any better. */
const round = (value: number): number => Math.round(value * 1000) / 1000;
