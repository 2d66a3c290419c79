import type { Event } from "@rapport/contract/event";

import { readKeyword } from "../message/opt-out-words.ts";
import { foldFeature, type FeatureIndex } from "./features.ts";
import { later } from "./later.ts";
import type { Consent, Contact, ContactChannel, Profile, Purpose } from "./profile.ts";

/** A contact older than this before the newest one no longer counts against any budget. */
const LEDGER_MS = 62 * 86_400_000;

/** Names that would reach into objects' prototypes; never a trait. */
const UNSAFE = new Set(["__proto__", "constructor", "prototype"]);

/**
 * Folds one event into a profile, in place. Commutative: values carry their time and the later wins (ties go to the
 * larger event id), sums and counts add, old buckets go by the newest bucket and not by the clock. The caller sees to it
 * that no event is folded twice.
 */
export function foldEvent(profile: Profile, event: Event, features: FeatureIndex): void {
  profile.events += 1;
  profile.firstSeenAt = profile.events === 1 ? event.at : Math.min(profile.firstSeenAt, event.at);
  if (event.source !== "hub") profile.lastSeenAt = Math.max(profile.lastSeenAt, event.at);
  profile.lastTouch[event.channel] = Math.max(profile.lastTouch[event.channel] ?? 0, event.at);

  if (event.traits) foldTraits(profile, event.traits, event);
  switch (event.kind) {
    case "consent":
      foldConsent(profile, event);
      break;
    case "message":
      foldContact(profile, event);
      foldOffer(profile, event);
      foldAnswer(profile, event);
      break;
    case "decision":
      foldDecision(profile, event);
      break;
    case "reply":
      foldReply(profile, event);
      break;
    default:
  }
  for (const feature of features.get(event.name) ?? []) foldFeature(profile, feature, event);
}

function foldTraits(profile: Profile, traits: Record<string, unknown>, event: Event): void {
  for (const [name, value] of Object.entries(traits)) {
    if (!UNSAFE.has(name)) profile.traits[name] = later(profile.traits[name], { value, at: event.at, by: event.id });
  }
}

function foldConsent(profile: Profile, event: Event): void {
  const { purpose, channel, status, source, text, ip } = (event.properties ?? {}) as Record<string, string | undefined>;
  if (!purpose || !channel || (status !== "granted" && status !== "withdrawn")) return;
  const value: Consent = { status, source: source ?? event.source, text: text ?? null, ip: ip ?? null };
  stateConsent(profile, `${purpose}/${channel}`, value, event);
}

function stateConsent(profile: Profile, key: string, value: Consent, event: Event): void {
  if (!UNSAFE.has(key)) profile.consent[key] = later(profile.consent[key], { value, at: event.at, by: event.id });
}

/**
 * What STOP withdraws. By SMS everything but life safety: 47 CFR 64.1200(a)(10) revokes consent to the number; by e-mail
 * what needs consent, since a bill must still arrive.
 */
const STOPPED: Partial<Record<ContactChannel, Purpose[]>> = {
  sms: ["marketing", "service", "survey", "profiling"],
  voice: ["marketing", "service", "survey", "profiling"],
};
const STOPPED_ELSEWHERE: Purpose[] = ["marketing", "survey", "profiling"];

/** STOP and its kin withdraw consent on that channel; START gives it again, in the customer's own words. */
function foldReply(profile: Profile, event: Event): void {
  const { channel, text } = (event.properties ?? {}) as { channel?: ContactChannel; text?: string };
  if (!channel || typeof text !== "string") return;
  const meaning = readKeyword(text).kind;
  if (meaning !== "opt-out" && meaning !== "opt-in") return;
  const status = meaning === "opt-out" ? "withdrawn" : "granted";
  const value = { status, source: `reply:${channel}`, text, ip: null } as const;
  for (const purpose of STOPPED[channel] ?? STOPPED_ELSEWHERE)
    stateConsent(profile, `${purpose}/${channel}`, value, event);
}

const LEDGER_STATE: Record<string, Contact["state"]> = {
  planned: "reserved",
  sent: "committed",
  failed: "released",
  suppressed: "released",
  expired: "released",
};

/**
 * Reserve when planned, commit when handed off, release when not sent after all; one contact a message, at the time of the
 * last of these. What happens to the message afterwards (delivered, seen) spends nothing more. Each piece of news ages by
 * itself, so that it does not matter which came first.
 */
function foldContact(profile: Profile, event: Event): void {
  const { messageId, channel, purpose, status } = (event.properties ?? {}) as Record<string, string | undefined>;
  const state = LEDGER_STATE[status ?? ""];
  if (!messageId || !state || !channel || !purpose) return;
  // A message planned for tomorrow spends tomorrow's budget.
  const { sendAt } = (event.properties ?? {}) as { sendAt?: unknown };
  const at = typeof sendAt === "number" ? sendAt : event.at;
  const known = profile.ledger.find((contact) => contact.messageId === messageId);
  const times = known?.times ?? {};
  times[state] = Math.max(times[state] ?? 0, at);
  if (!known) {
    const terms = { channel: channel as ContactChannel, purpose: purpose as Purpose };
    profile.ledger.push({ messageId, ...terms, at, state, times });
  }
  const newest = profile.ledger.reduce((latest, contact) => Math.max(latest, ...Object.values(contact.times ?? {})), 0);
  profile.ledger = profile.ledger
    .flatMap((contact) => standing(contact, newest - LEDGER_MS))
    .sort((a, b) => a.at - b.at || (a.messageId < b.messageId ? -1 : 1));
}

/** The contact by the news that has not grown old; none when all has. */
function standing(contact: Contact, oldest: number): Contact[] {
  const times: NonNullable<Contact["times"]> = {};
  let state: Contact["state"] | null = null;
  for (const each of ["reserved", "released", "committed"] as const) {
    const at = contact.times?.[each];
    if (at === undefined || at < oldest) continue;
    times[each] = at;
    state = each;
  }
  return state === null ? [] : [{ ...contact, state, at: Math.max(...Object.values(times)), times }];
}

function foldOffer(profile: Profile, event: Event): void {
  const { messageId, action, item, accept, status } = (event.properties ?? {}) as Record<string, string | undefined>;
  if (status !== "planned" || !messageId || !action || !accept) return;
  const value = { messageId, action, item: item ?? null, accept };
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
  profile.decidedAt[policy] = Math.max(profile.decidedAt[policy] ?? 0, event.at);
}
