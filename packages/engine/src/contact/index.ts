export { type ConsentAnswer, consentTo, type KnownConsent } from "./consent.ts";
export type { Cap, ConsentRule, ContactPolicy, QuietHours } from "./contact-policy.ts";
export { commit, forgetBefore, nextWithinCap, release, reserve } from "./ledger.ts";
export { type Bar, mayContact, nextAllowedAt, type Permission, type Touch } from "./may-contact.ts";
export { isZone, NEVER, nextTimeOfDay, offsetAt, timeOfDayMs } from "./zone.ts";
export { type Whereabouts, zonesOf } from "./zones-of.ts";
