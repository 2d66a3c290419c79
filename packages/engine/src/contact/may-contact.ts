import type { Contact, ContactChannel, Purpose } from "../profile/profile.ts";
import { consentTo, type KnownConsent } from "./consent.ts";
import type { ContactPolicy } from "./contact-policy.ts";
import { covers, nextWithinCap } from "./ledger.ts";
import { quietUntil } from "./quiet-hours.ts";

/** Why a contact is barred: a stable code for people and programs, with what a sentence about it needs. */
export type Bar =
  | { code: "consent-withdrawn"; params: { purpose: Purpose; channel: ContactChannel; by: string } }
  | { code: "consent-missing"; params: { purpose: Purpose; channel: ContactChannel } }
  | { code: "open-complaint"; params: { purpose: Purpose } }
  | { code: "quiet-hours"; params: { purpose: Purpose; until: number } }
  | { code: "cap"; params: { cap: string; limit: number; until: number } }
  | { code: "household-cap"; params: { limit: number; until: number } };

export type Touch = {
  profile: { consent: KnownConsent; ledger: readonly Contact[] };
  policy: ContactPolicy;
  channel: ContactChannel;
  purpose: Purpose;
  at: number;
  /** IANA zone of the customer; all that it may be when it is not certain: the strictest then rules. */
  zone: string | readonly string[];
  /** Of a must-send class: no cap, no household cap and no hush hold it back. It is on the ledger all the same. */
  mustSend: boolean;
  /** The ledgers of the others in the household. */
  household?: readonly Contact[];
  openComplaint?: boolean;
  /** The message's own place on the ledger, left out when it is checked once more at the moment of sending. */
  messageId?: string;
};

export type Permission = { kind: "ok" } | { kind: "barred"; bar: Bar };

/**
 * May this customer be contacted, on this channel, for this purpose, at this moment? Life safety overrides consent and
 * quiet hours, nothing else; a must-send class overrides caps and hush, nothing else.
 */
export function mayContact(touch: Touch): Permission {
  const bar = consentBar(touch) ?? hushBar(touch) ?? quietBar(touch, touch.at) ?? capBar(touch, touch.at);
  return bar ? { kind: "barred", bar } : { kind: "ok" };
}

/**
 * The earliest moment ≥ `at` when the contact is allowed, at most the policy's horizon ahead; otherwise what bars it.
 * Only waiting out quiet hours and caps is meant: consent and complaints do not pass by themselves.
 */
export function nextAllowedAt(touch: Touch): { kind: "at"; at: number } | { kind: "barred"; bar: Bar } {
  const lasting = consentBar(touch) ?? hushBar(touch);
  if (lasting) return { kind: "barred", bar: lasting };

  const horizon = touch.at + touch.policy.horizonMs;
  let at = touch.at;
  for (;;) {
    const bar = quietBar(touch, at) ?? capBar(touch, at);
    if (!bar) return { kind: "at", at };
    if (bar.params.until > horizon) return { kind: "barred", bar };
    at = bar.params.until;
  }
}

function consentBar({ profile, policy, purpose, channel }: Touch): Bar | null {
  if (purpose === "life-safety") return null;
  const answer = consentTo(profile.consent, policy, purpose, channel);
  switch (answer.kind) {
    case "granted":
      return null;
    case "withdrawn":
      return { code: "consent-withdrawn", params: { purpose, channel, by: answer.by } };
    case "missing":
      return { code: "consent-missing", params: { purpose, channel } };
  }
}

function hushBar({ policy, purpose, openComplaint, mustSend }: Touch): Bar | null {
  if (!openComplaint || mustSend || !policy.hush.includes(purpose)) return null;
  return { code: "open-complaint", params: { purpose } };
}

type PassingBar = Extract<Bar, { params: { until: number } }>;

function quietBar({ policy, purpose, channel, zone }: Touch, at: number): PassingBar | null {
  if (purpose === "life-safety") return null;
  const until = quietUntil(policy.quietHours, purpose, channel, zone, at);
  return until === at ? null : { code: "quiet-hours", params: { purpose, until } };
}

function capBar(touch: Touch, at: number): PassingBar | null {
  if (touch.mustSend) return null;
  const { policy, channel, purpose, messageId } = touch;
  const own = (entries: readonly Contact[]) =>
    messageId === undefined ? entries : entries.filter((entry) => entry.messageId !== messageId);

  for (const cap of policy.caps) {
    if (!covers(cap, channel, purpose)) continue;
    const until = nextWithinCap(own(touch.profile.ledger), cap, at);
    if (until > at) return { code: "cap", params: { cap: cap.name, limit: cap.limit, until } };
  }
  const cap = policy.household;
  if (!cap || !touch.household || !covers(cap, channel, purpose)) return null;
  const until = nextWithinCap([...own(touch.profile.ledger), ...touch.household], cap, at);
  return until > at ? { code: "household-cap", params: { limit: cap.limit, until } } : null;
}
