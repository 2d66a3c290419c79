export { openComplaints, type OpenComplaint } from "./complaints.ts";
export { householdContacts, householdNamed, householdOf } from "./household-contacts.ts";
export { type LearnedReach, learnReach, type ReachLearning, type ReachTerms, reachTerms } from "./learn-reach.ts";
export { type ConsentAnswer, consentTo, type KnownConsent } from "./consent.ts";
export type { Cap, ConsentRule, ContactPolicy, QuietHours } from "./contact-policy.ts";
export { commit, forgetBefore, nextWithinCap, release, reserve } from "./ledger.ts";
export { type Bar, mayContact, nextAllowedAt, type Permission, type Touch } from "./may-contact.ts";
export { homeZone, isZone, NEVER, nextTimeOfDay, offsetAt, timeOfDayMs } from "./zone.ts";
export { type Whereabouts, zonesOf } from "./zones-of.ts";
