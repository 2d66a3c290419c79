import type { Facts } from "../condition/index.ts";
import type { Contact, ContactChannel, Profile } from "../profile/profile.ts";
import type { Action } from "./action.ts";
import { possibleActions } from "./action-index.ts";
import { contactSlots, type Slots } from "./contact-slots.ts";
import type { Act, Candidate, DecisionRecord, Factors, Given, Reach, Reason, Way } from "./decision-record.ts";
import { snapshotFacts } from "./facts-snapshot.ts";
import type { Policy } from "./policy.ts";

/** Policies of more actions than this do not list the ones that were not eligible. */
const LISTED_ACTIONS = 50;
/** Candidates beyond this rank keep their best way only. */
const DETAILED_CANDIDATES = 50;

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
  /** Ledgers of the others in the household. */
  household?: readonly Contact[];
  openComplaint?: boolean;
};

/**
 * Decides what is best for the customer and the company now, silence included: the action, the channel and the time
 * together. Candidates pass eligibility, the customer's own interest, known worth, address, consent and ledger; each way
 * left is scored; the best must-send candidate is taken, else the best optional one that is worth more than nothing.
 * Pure: the same input gives the same record, ties going to the smaller name.
 */
export function decide(input: DecideInput): DecisionRecord {
  const { policy, facts, profile, now } = input;
  const event = facts.event as { name?: unknown } | null | undefined;
  const name = typeof event?.name === "string" ? event.name : null;
  return decideOn(policy, givenOf(input), { customerId: profile.customerId, at: now, event: name });
}

/** Decides from what a record keeps: `decide` and the replay of its record are one and the same. */
export function decideOn(
  policy: Policy,
  given: Given,
  about: { customerId: string; at: number; event: string | null },
): DecisionRecord {
  const { candidates, unlisted } = candidatesOf(policy, given, about.at);
  candidates.sort(byRank);
  const best = candidates[0];
  const chosen = best && best.removedBy === null ? best : null;
  return {
    policy: { name: policy.name, version: policy.version },
    ...about,
    outcome: chosen ? actOf(chosen) : { kind: "nothing", reason: whyNothing(candidates, unlisted) },
    candidates: candidates.map((candidate, rank) => recorded(candidate, rank, chosen)),
    unlisted,
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
  };
}

/** Older contacts change nothing: no cap's window holds them, and ten half-lives leave a thousandth of the annoyance. */
function ledgerReachMs({ contact, annoyance }: Policy): number {
  const windows = contact.caps.map((cap) => cap.windowMs);
  return Math.max(...windows, contact.household?.windowMs ?? 0, annoyance.base > 0 ? 10 * annoyance.halfLifeMs : 0);
}

type Ranked = Candidate & { about: Action };

function candidatesOf(policy: Policy, given: Given, now: number): { candidates: Ranked[]; unlisted: number } {
  const listsAll = policy.actions.length <= LISTED_ACTIONS;
  const facts: Record<string, unknown> = { ...given.facts, now, item: null };
  const slotsFor = contactSlots(policy, given, now);
  const options = Array.isArray(facts.options) ? facts.options : [];

  const candidates: Ranked[] = [];
  let listed = 0;
  for (const action of listsAll ? policy.actions : possibleActions(policy.index, facts)) {
    const before = candidates.length;
    for (const item of action.forEachOption ? options : [null]) {
      facts.item = item;
      const eligible = action.eligible === null || action.eligible.holds(facts);
      if (eligible) candidates.push(weigh(action, item, facts, given.channels, slotsFor));
      else if (listsAll) candidates.push(removed(action, item, "eligibility", NOT_ELIGIBLE));
    }
    if (action.forEachOption && options.length === 0 && listsAll) {
      candidates.push(removed(action, null, "eligibility", { code: "no-options", params: {} }));
    }
    if (candidates.length > before) listed++;
  }
  return { candidates, unlisted: policy.actions.length - listed };
}

const NOT_ELIGIBLE: Reason = { code: "not-eligible", params: {} };

function removed(
  action: Action,
  item: unknown,
  filter: NonNullable<Candidate["removedBy"]>["filter"],
  reason: Reason,
  factors: Factors | null = null,
  ways: readonly Way[] = [],
): Ranked {
  const score = ways[0]?.kind === "open" ? ways[0].score : null;
  return {
    about: action,
    action: action.name,
    item: nameOf(item),
    removedBy: { filter, reason },
    factors,
    score,
    ways,
  };
}

function nameOf(item: unknown): string | null {
  const name = typeof item === "object" && item !== null && "name" in item ? item.name : null;
  return typeof name === "string" ? name : null;
}

/** Takes an eligible candidate through the filters that remain. */
function weigh(
  action: Action,
  item: unknown,
  facts: Facts,
  channels: readonly ContactChannel[],
  slotsFor: (channel: ContactChannel, purpose: Action["purpose"], mustSend: boolean) => Slots,
): Ranked {
  const valueToCustomer = action.valueToCustomer.of(facts);
  if (valueToCustomer !== null && valueToCustomer < 0 && !action.mustSend) {
    return removed(action, item, "interest", { code: "against-customer", params: { valueToCustomer } });
  }
  const success = action.success.of(facts);
  const valueToCompany = action.valueToCompany.of(facts);
  if (success === null || valueToCompany === null || valueToCustomer === null) {
    const factor = success === null ? "success" : valueToCompany === null ? "valueToCompany" : "valueToCustomer";
    if (!action.mustSend) return removed(action, item, "value", { code: "worth-unknown", params: { factor } });
  }
  const factors: Factors = {
    success: Math.min(1, Math.max(0, success ?? 0)),
    valueToCompany: valueToCompany ?? 0,
    valueToCustomer: valueToCustomer ?? 0,
    weight: action.weight,
  };

  const usable = action.channels.filter((channel) => channels.includes(channel));
  if (usable.length === 0) {
    return removed(
      action,
      item,
      "address",
      { code: "no-address", params: { channels: action.channels.join(", ") } },
      factors,
    );
  }
  const now = facts.now as number;
  const ways = usable
    .flatMap((channel) => waysOf(action, factors, slotsFor(channel, action.purpose, action.mustSend), now))
    .sort(byBestWay);
  const [best] = ways;
  if (!best || best.kind === "barred") {
    return removed(action, item, "contact", best?.reason ?? NOT_ELIGIBLE, factors, ways);
  }
  if (best.score <= 0 && !action.mustSend) {
    return removed(action, item, "worth", { code: "not-worth-it", params: { score: best.score } }, factors, ways);
  }
  return { about: action, action: action.name, item: nameOf(item), removedBy: null, factors, score: best.score, ways };
}

function waysOf(action: Action, factors: Factors, open: Slots, now: number): Way[] {
  if (open.kind === "barred") return [open];
  const worth = factors.success * (factors.valueToCompany + factors.valueToCustomer) * factors.weight;
  return open.slots.map(({ at, reach, cost, annoyance }) => {
    const discount = action.valueHalfLifeMs === null ? 1 : 2 ** (-(at - now) / action.valueHalfLifeMs);
    const score = worth * reach * discount - cost - annoyance;
    return { kind: "open", channel: open.channel, at, reach, cost, annoyance, score };
  });
}

function byBestWay(a: Way, b: Way): number {
  if (a.kind === "barred" || b.kind === "barred") {
    return Number(a.kind === "barred") - Number(b.kind === "barred") || byName(a.channel, b.channel);
  }
  return b.score - a.score || a.at - b.at || byName(a.channel, b.channel);
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

function byName(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function actOf({ about, item, score, ways }: Ranked): Act {
  const [best] = ways;
  if (best?.kind !== "open" || score === null) throw new Error(`"${about.name}" was chosen without an open way`);
  const { name: action, mustSend, purpose } = about;
  return { kind: "act", action, item, mustSend, purpose, channel: best.channel, at: best.at, score };
}

/** The reason of the candidate that came furthest says best why there is silence. */
function whyNothing(candidates: readonly Ranked[], unlisted: number): Reason {
  const order = ["eligibility", "interest", "value", "address", "contact", "worth"];
  let furthest: Candidate["removedBy"] = null;
  for (const { removedBy } of candidates) {
    if (removedBy && order.indexOf(removedBy.filter) > order.indexOf(furthest?.filter ?? "")) furthest = removedBy;
  }
  if (furthest) return furthest.reason;
  return unlisted > 0 ? NOT_ELIGIBLE : { code: "no-candidates", params: {} };
}

function recorded({ about: _, ...candidate }: Ranked, rank: number, chosen: Ranked | null): Candidate {
  const ways = rank < DETAILED_CANDIDATES ? candidate.ways : candidate.ways.slice(0, 1);
  if (candidate.removedBy || chosen === null || rank === 0) return { ...candidate, ways };
  const params = { by: chosen.action, score: chosen.score ?? 0 };
  return { ...candidate, ways, removedBy: { filter: "choice", reason: { code: "outscored", params } } };
}
