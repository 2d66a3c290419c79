import type { Event } from "@rapport/contract/event";
import { hears, isAtLeast, PROVEN, type Repliers } from "@rapport/contract/origin";

import { isZone } from "../contact/zone.ts";
import { keyOf } from "../identity/index.ts";
import { readKeyword, wantsAllStopped } from "../message/opt-out-words.ts";
import {
  type Bounds,
  CLAIMED_TRAITS,
  keepBounded,
  keepFirst,
  laterTrait,
  MOST_CLAIMED_IDENTIFIERS,
  TRAITS,
} from "./bounded.ts";
import { foldFeature, type FeatureIndex } from "./features.ts";
import { foldComplaint } from "./fold-complaint.ts";
import { foldContact, foldHousehold } from "./fold-contact.ts";
import { foldProof } from "./fold-proof.ts";
import { later } from "./later.ts";
import type { Consent, ContactChannel, Profile, Purpose } from "./profile.ts";
import { ownOf } from "../own-of.ts";
import { UNSAFE } from "./unsafe-names.ts";

/**
 * Folds one event into a profile, in place. Commutative: values carry their time and the later wins (ties go to the
 * larger event id), sums and counts add, old buckets go by the newest bucket and not by the clock. The caller sees to it
 * that no event is folded twice.
 */
export function foldEvent(profile: Profile, event: Event, features: FeatureIndex): void {
  profile.events += 1;
  profile.firstSeenAt = profile.events === 1 ? event.at : Math.min(profile.firstSeenAt, event.at);
  if (event.origin !== "hub") profile.lastSeenAt = Math.max(profile.lastSeenAt, event.at);
  profile.lastTouch[event.channel] = Math.max(profile.lastTouch[event.channel] ?? 0, event.at);

  foldStated(profile, event);
  switch (event.kind) {
    case "consent":
      foldConsent(profile, event);
      break;
    case "message":
      foldContact(profile, event);
      foldHousehold(profile, event);
      foldProof(profile, event);
      foldOffer(profile, event);
      foldAnswer(profile, event);
      break;
    case "decision":
      foldDecision(profile, event);
      break;
    case "track":
      if (hears(PROVEN, event)) foldComplaint(profile, event);
      break;
    case "reply":
      foldReply(profile, event);
      break;
    default:
  }
  for (const feature of features.get(event.name) ?? [])
    if (hears(feature.from, event)) foldFeature(profile, feature, event);
}

/** What an event states of its customer: believed of whoever has proven who he is, and of all others kept beside. */
function foldStated(profile: Profile, event: Event): void {
  const { traits, provenTraits, claimed } = event;
  const isBelieved = PROVEN.includes(event.origin);
  if (isBelieved) foldZone(profile, event);
  if (traits && isBelieved) foldTraits(profile.traits, traits, event, TRAITS);
  if (traits && !isBelieved) foldTraits(profile.claimed, traits, event, CLAIMED_TRAITS);
  if (provenTraits) foldTraits(profile.traits, provenTraits, { id: event.id, at: event.provenAt ?? event.at }, TRAITS);
  if (!claimed) return;
  for (const claim of claimed) {
    const key = keyOf(claim);
    if (!UNSAFE.has(key)) profile.claimedToBe[key] = Math.max(ownOf(profile.claimedToBe, key) ?? 0, event.at);
  }
  keepFirst(profile.claimedToBe, MOST_CLAIMED_IDENTIFIERS);
}

/** A server that says of itself that it goes by UTC says nothing of where its customers are. */
function foldZone(profile: Profile, { context, at, id }: Event): void {
  const zone = context?.timezone;
  if (typeof zone !== "string" || zone.length > 64 || !/^[A-Z]\w+\//i.test(zone) || /^etc\//i.test(zone)) return;
  if (isZone(zone)) profile.zone = later(profile.zone, { value: zone, at, by: id });
}

function foldTraits(
  known: Profile["traits"],
  traits: Record<string, unknown>,
  { id, at }: Pick<Event, "id" | "at">,
  bounds: Bounds,
): void {
  for (const [name, value] of Object.entries(traits)) {
    if (!UNSAFE.has(name)) known[name] = laterTrait(ownOf(known, name), { value, at, by: id });
  }
  keepBounded(known, bounds);
}

function foldConsent(profile: Profile, event: Event): void {
  const { purpose, channel, status, source, text, ip } = (event.properties ?? {}) as Record<string, string | undefined>;
  if (!purpose || !channel || (status !== "granted" && status !== "withdrawn")) return;
  const value: Consent = { status, source: source ?? event.source, text: text ?? null, ip: ip ?? null };
  stateConsent(profile, `${purpose}/${channel}`, value, event);
}

function stateConsent(profile: Profile, key: string, value: Consent, event: Event): void {
  if (!UNSAFE.has(key))
    profile.consent[key] = later(ownOf(profile.consent, key), { value, at: event.at, by: event.id });
}

/**
 * What STOP withdraws. By SMS everything but life safety: 47 CFR 64.1200(a)(10) revokes consent to the number; by e-mail
 * what needs consent, since a bill must still arrive, unless all of it is to stop. Nothing proves a bare letter's sender: it
 * withdraws marketing alone.
 */
const STOPPED: Partial<Record<ContactChannel, Purpose[]>> = {
  sms: ["marketing", "service", "survey", "profiling"],
  voice: ["marketing", "service", "survey", "profiling"],
};
const STOPPED_ELSEWHERE: Purpose[] = ["marketing", "survey", "profiling"];

/** STOP and its kin withdraw consent on that channel; START gives it again, in the customer's own words, when they are proven. */
function foldReply(profile: Profile, event: Event): void {
  const { channel, text } = (event.properties ?? {}) as { channel?: ContactChannel; text?: string };
  if (!channel || typeof text !== "string") return;
  const meaning = readKeyword(text).kind;
  const isProven = isAtLeast(event.origin, "person");
  if (meaning !== "opt-out" && (meaning !== "opt-in" || !isProven)) return;
  const status = meaning === "opt-out" ? "withdrawn" : "granted";
  const value = { status, source: `reply:${channel}`, text, ip: null } as const;
  const ofAll = meaning === "opt-in" || wantsAllStopped(text) ? ["service" as const] : [];
  const stopped = STOPPED[channel] ?? [...STOPPED_ELSEWHERE, ...ofAll];
  for (const purpose of isProven ? stopped : (["marketing"] as const))
    stateConsent(profile, `${purpose}/${channel}`, value, event);
}

function foldOffer(profile: Profile, event: Event): void {
  const { messageId, action, item, accept, status } = (event.properties ?? {}) as Record<string, string | undefined>;
  if (status !== "planned" || !messageId || !action || !accept) return;
  const acceptFrom = event.properties?.acceptFrom as Repliers | undefined;
  const value = { messageId, action, item: item ?? null, accept, ...(acceptFrom ? { acceptFrom } : {}) };
  profile.offer = later(profile.offer ?? undefined, { value, at: event.at, by: event.id });
}

/** The hub's own answer to a keyword. */
function foldAnswer(profile: Profile, event: Event): void {
  const { answers, channel, status, words } = (event.properties ?? {}) as Record<string, string | undefined>;
  if (status !== "planned" || !answers || (channel !== "sms" && channel !== "email")) return;
  const place = words === "help" ? (`${channel}/help` as const) : channel;
  profile.answeredAt[place] = Math.max(profile.answeredAt[place] ?? 0, event.at);
}

function foldDecision(profile: Profile, event: Event): void {
  const { policy } = (event.properties ?? {}) as { policy?: unknown };
  if (typeof policy !== "string" || UNSAFE.has(policy)) return;
  profile.decidedAt[policy] = Math.max(ownOf(profile.decidedAt, policy) ?? 0, event.at);
}
