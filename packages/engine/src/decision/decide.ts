import type { Origin } from "@rapport/contract/origin";

import type { Facts } from "../condition/index.ts";
import type { Contact, ContactChannel, Profile, Purpose } from "../profile/profile.ts";
import type { Action } from "./action.ts";
import { possibleActions } from "./action-index.ts";
import { contactSlots } from "./contact-slots.ts";
import type { Act, Candidate, DecisionRecord, Given, Reach, ReachEvidence, Reason } from "./decision-record.ts";
import { snapshotFacts } from "./facts-snapshot.ts";
import type { Policy } from "./policy.ts";
import { byName, type Ranked, removed, weighCandidate } from "./weigh-candidate.ts";

/** Policies of more actions than this do not list the ones that were not eligible. */
const LISTED_ACTIONS = 50;
/** Candidates beyond this rank are counted, not listed. */
const LISTED_CANDIDATES = 100;

export type DecideInput = {
  policy: Policy;
  /** The condition variables; `now` and `item` are set here. */
  facts: Facts;
  profile: Profile;
  /** Where the customer can be written to or called, by channel. */
  addresses: Readonly<Partial<Record<ContactChannel, string>>>;
  /** IANA zone, or all that it may be. */
  zone: string | readonly string[];
  now: number;
  reach?: Reach;
  /** What `reach` was learned from. */
  evidence?: ReachEvidence;
  /** Ledgers of the others in the household. */
  household?: readonly Contact[];
  openComplaint?: boolean;
};

/**
 * Decides what is best for the customer and the company now, silence included: the action, the channel and the time
 * together. Candidates pass eligibility, the customer's own interest (nobody is sold to while a complaint is open), known
 * worth, address, consent and ledger, the household's too; each way left is scored by the reach learned of this customer; the best must-send candidate is taken, else the best optional one that is worth more than nothing.
 * Pure: the same input gives the same record, ties going to the smaller name.
 */
export function decide(input: DecideInput): DecisionRecord {
  const { policy, facts, profile, now } = input;
  const event = facts.event as { name?: unknown; origin?: Origin } | null | undefined;
  const name = typeof event?.name === "string" ? event.name : null;
  const trigger = { event: name, ...(event?.origin ? { origin: event.origin } : {}) };
  return decideOn(policy, givenOf(input), { customerId: profile.customerId, at: now, ...trigger });
}

/** Decides from what a record keeps: `decide` and the replay of its record are one and the same. */
export function decideOn(
  policy: Policy,
  given: Given,
  about: Pick<DecisionRecord, "customerId" | "at" | "event" | "origin">,
): DecisionRecord {
  const listsAll = policy.actions.length <= LISTED_ACTIONS;
  const candidates = candidatesOf(policy, given, about.at, listsAll);
  candidates.sort(byRank);
  const best = candidates[0];
  const chosen = best && best.removedBy === null ? best : null;
  return {
    policy: { name: policy.name, version: policy.version },
    ...about,
    outcome: chosen ? actOf(chosen) : { kind: "nothing", reason: whyNothing(candidates) },
    candidates: candidates.slice(0, LISTED_CANDIDATES).map((candidate) => recorded(candidate, chosen)),
    unlisted: unlistedOf(policy, candidates),
    given,
  };
}

function givenOf({ policy, facts, profile, addresses, zone, now, ...more }: DecideInput): Given {
  const consent: Record<string, Given["consent"][string]> = {};
  for (const [key, { value, at, by }] of Object.entries(profile.consent)) {
    consent[key] = { value: { status: value.status }, at, by };
  }
  const reaching = ledgerReachMs(policy);
  return {
    facts: snapshotFacts(policy, facts),
    consent,
    ledger: profile.ledger.filter((entry) => entry.at > now - reaching && entry.state !== "released"),
    household: (more.household ?? []).filter((entry) => entry.at > now - reaching && entry.state !== "released"),
    channels: (Object.keys(addresses) as ContactChannel[]).filter((channel) => addresses[channel]),
    zone,
    openComplaint: more.openComplaint ?? false,
    reach: more.reach ?? {},
    ...(more.evidence ? { evidence: more.evidence } : {}),
  };
}

/** Older contacts change nothing: no cap's window holds them, and ten half-lives leave a thousandth of the annoyance. */
function ledgerReachMs({ contact, annoyance }: Policy): number {
  const windows = contact.caps.map((cap) => cap.windowMs);
  return Math.max(...windows, contact.household?.windowMs ?? 0, annoyance.base > 0 ? 10 * annoyance.halfLifeMs : 0);
}

function candidatesOf(policy: Policy, given: Given, now: number, listsAll: boolean): Ranked[] {
  const facts: Record<string, unknown> = { ...given.facts, now, item: null };
  const means = {
    channels: given.channels,
    slotsFor: contactSlots(policy, given, now),
    isHushed: (purpose: Purpose) => given.openComplaint && policy.contact.hush.includes(purpose),
  };
  const options = Array.isArray(facts.options) ? facts.options : [];

  const candidates: Ranked[] = [];
  for (const action of listsAll ? policy.actions : possibleActions(policy.index, facts)) {
    for (const item of action.forEachOption ? options : [null]) {
      facts.item = item;
      if (action.eligible === null || action.eligible.holds(facts)) {
        candidates.push(weighCandidate(action, item, facts, means));
      } else if (listsAll) {
        const params = { condition: action.eligible.unmet(facts) ?? action.eligible.source };
        candidates.push(removed(action, item, "eligibility", { code: "not-eligible", params }));
      }
    }
    if (action.forEachOption && options.length === 0 && listsAll) {
      candidates.push(removed(action, null, "eligibility", { code: "no-options", params: {} }));
    }
  }
  return candidates;
}

/** What can be chosen comes first, must-send before optional, then the higher score; ties go to the smaller name. */
function byRank(a: Ranked, b: Ranked): number {
  return (
    Number(a.removedBy !== null) - Number(b.removedBy !== null) ||
    Number(b.about.mustSend) - Number(a.about.mustSend) ||
    (b.score ?? Number.NEGATIVE_INFINITY) - (a.score ?? Number.NEGATIVE_INFINITY) ||
    byName(a.action, b.action) ||
    byName(a.item ?? "", b.item ?? "")
  );
}

function actOf({ about, item, score, ways }: Ranked): Act {
  const [best] = ways;
  if (best?.kind !== "open" || score === null) throw new Error(`"${about.name}" was chosen without an open way`);
  const { name: action, mustSend, purpose } = about;
  return { kind: "act", action, item, mustSend, purpose, channel: best.channel, at: best.at, score };
}

/** The reason of the candidate that came furthest says best why there is silence. */
function whyNothing(candidates: readonly Ranked[]): Reason {
  const order = ["eligibility", "interest", "value", "address", "contact", "worth"];
  let furthest: Candidate["removedBy"] = null;
  for (const { removedBy } of candidates) {
    if (removedBy && order.indexOf(removedBy.filter) > order.indexOf(furthest?.filter ?? "")) furthest = removedBy;
  }
  return furthest?.reason ?? { code: "no-candidates", params: {} };
}

function recorded({ about: _, ...candidate }: Ranked, chosen: Ranked | null): Candidate {
  if (
    candidate.removedBy ||
    chosen === null ||
    (candidate.action === chosen.action && candidate.item === chosen.item)
  ) {
    return candidate;
  }
  const params = { by: chosen.action, score: chosen.score ?? 0 };
  return { ...candidate, removedBy: { filter: "choice", reason: { code: "outscored", params } } };
}

function unlistedOf(policy: Policy, candidates: readonly Ranked[]): DecisionRecord["unlisted"] {
  const counts: Record<string, number> = {};
  const actions = new Set<Action>();
  for (const [rank, { about, removedBy }] of candidates.entries()) {
    actions.add(about);
    const code = removedBy?.reason.code ?? "outscored";
    if (rank >= LISTED_CANDIDATES) counts[code] = (counts[code] ?? 0) + 1;
  }
  const notEligible = policy.actions.length - actions.size;
  if (notEligible > 0) counts["not-eligible"] = (counts["not-eligible"] ?? 0) + notEligible;
  return counts;
}
