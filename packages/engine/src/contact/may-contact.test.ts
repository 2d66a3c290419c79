import assert from "node:assert/strict";
import { test } from "node:test";

import type { Contact, Purpose } from "../profile/profile.ts";
import { consentTo, type KnownConsent } from "./consent.ts";
import type { ContactPolicy } from "./contact-policy.ts";
import { mayContact, nextAllowedAt, type Touch } from "./may-contact.ts";

const MIDNIGHT = Date.UTC(2026, 10, 18);
const all: Purpose[] = ["marketing", "service", "survey", "life-safety"];
const policy: ContactPolicy = {
  consent: {
    service: { default: "opt-out", source: "contract", since: "2026-01-01" },
    marketing: { default: "opt-in", source: "38-FZ art. 18", since: "2006-07-01" },
  },
  caps: [{ name: "weekly", limit: 1, windowMs: 7 * 86_400_000, channels: null, purposes: null }],
  quietHours: [{ purposes: all, channels: null, fromMs: 21 * 3_600_000, toMs: 8 * 3_600_000, source: "house rule" }],
  hush: ["marketing", "service"],
  household: { limit: 2, windowMs: 86_400_000, channels: null, purposes: null },
  horizonMs: 86_400_000,
};

const spent: Contact = { messageId: "m", channel: "sms", purpose: "survey", at: MIDNIGHT - 1, state: "committed" };

function aTouch(more: Partial<Touch> = {}): Touch {
  const profile = { consent: {}, ledger: [] };
  return {
    profile,
    policy,
    channel: "sms",
    purpose: "service",
    at: MIDNIGHT + 43_200_000,
    zone: "UTC",
    mustSend: false,
    ...more,
  };
}

function aConsent(said: Record<string, [status: "granted" | "withdrawn", at: number]>): KnownConsent {
  const entries = Object.entries(said).map(([key, [status, at]]) => [key, { value: { status }, at, by: `e${at}` }]);
  return Object.fromEntries(entries);
}

const cases: [what: string, touch: Partial<Touch>, bar: string | null][] = [
  ["a service message by day", {}, null],
  ["marketing without consent", { purpose: "marketing" }, "consent-missing"],
  ["a purpose that no rule names", { purpose: "profiling" }, "consent-missing"],
  ["a service message by night", { at: MIDNIGHT }, "quiet-hours"],
  ["life safety by night without consent", { at: MIDNIGHT, purpose: "life-safety" }, null],
  ["a must-send message by night", { at: MIDNIGHT, mustSend: true }, "quiet-hours"],
  ["a spent budget", { profile: { consent: {}, ledger: [spent] } }, "cap"],
  ["life safety on a spent budget", { purpose: "life-safety", profile: { consent: {}, ledger: [spent] } }, "cap"],
  ["a must-send message on a spent budget", { mustSend: true, profile: { consent: {}, ledger: [spent] } }, null],
  ["its own place on the ledger", { messageId: "m", profile: { consent: {}, ledger: [spent] } }, null],
  ["a household that heard enough", { household: [spent, { ...spent, messageId: "n" }] }, "household-cap"],
  ["an open complaint", { openComplaint: true }, "open-complaint"],
  ["a must-send message in an open complaint", { openComplaint: true, mustSend: true }, null],
];
for (const [what, touch, bar] of cases) {
  test(`${what} is ${bar === null ? "allowed" : `barred by ${bar}`}`, () => {
    const answer = mayContact(aTouch(touch));
    assert.equal(answer.kind === "barred" ? answer.bar.code : null, bar);
  });
}

const consents: [what: string, consent: KnownConsent, answer: string][] = [
  ["a grant for the channel", aConsent({ "marketing/sms": ["granted", 1] }), "granted"],
  ["a grant for all channels", aConsent({ "marketing/*": ["granted", 1] }), "granted"],
  ["a grant for another channel", aConsent({ "marketing/email": ["granted", 1] }), "missing"],
  ["a STOP on the channel", aConsent({ "marketing/*": ["granted", 1], "*/sms": ["withdrawn", 2] }), "withdrawn"],
  [
    "a STOP that a later grant for all channels does not undo",
    aConsent({ "marketing/sms": ["withdrawn", 1], "marketing/*": ["granted", 2] }),
    "withdrawn",
  ],
  [
    "a STOP that a later grant for the channel undoes",
    aConsent({ "*/sms": ["withdrawn", 1], "marketing/sms": ["granted", 2] }),
    "granted",
  ],
  [
    "a withdrawal for all after a grant",
    aConsent({ "marketing/sms": ["granted", 1], "*/*": ["withdrawn", 2] }),
    "withdrawn",
  ],
  ["both at one moment", aConsent({ "marketing/sms": ["granted", 2], "marketing/*": ["withdrawn", 2] }), "withdrawn"],
];
for (const [what, consent, answer] of consents) {
  test(`${what} counts as ${answer}`, () => {
    assert.equal(consentTo(consent, policy, "marketing", "sms").kind, answer);
  });
}

test("the next allowed moment waits out quiet hours and caps, never consent", () => {
  const next = nextAllowedAt(aTouch({ at: MIDNIGHT }));
  assert.deepEqual(next, { kind: "at", at: MIDNIGHT + 8 * 3_600_000 });
  assert.equal(nextAllowedAt(aTouch({ purpose: "marketing" })).kind, "barred");
});

test("a moment beyond the horizon is told as what bars it now", () => {
  const next = nextAllowedAt(aTouch({ profile: { consent: {}, ledger: [spent] } }));
  assert.deepEqual(next, {
    kind: "barred",
    bar: { code: "cap", params: { cap: "weekly", limit: 1, until: MIDNIGHT - 1 + 7 * 86_400_000 } },
  });
});
