import {
  countryNamed,
  countryOfZone,
  homeZone,
  isZone,
  learnReach,
  zonesOf as zonesOfPlace,
} from "../contact/index.ts";
import type { Policy, Reach, ReachEvidence, ReachFrom } from "../decision/index.ts";
import { isPlaceholderEmail, normaliseEmail, normalisePhone } from "../identity/index.ts";
import { readLocale } from "../message/read-locale.ts";
import type { ContactChannel, Profile } from "../profile/index.ts";

/** Where a customer can be written to, by channel, as stated in the traits and well formed. */
export function addressesOf(
  profile: Profile,
  companyZones: readonly string[],
): Partial<Record<ContactChannel, string>> {
  const addresses: Partial<Record<ContactChannel, string>> = {};
  const email = profile.traits.email?.value;
  const mailbox = typeof email === "string" ? normaliseEmail(email) : null;
  const number = phoneOf(profile, profile.traits.phone?.value, companyZones);
  if (mailbox && !isPlaceholderEmail(mailbox)) addresses.email = mailbox;
  if (number) addresses.sms = number;
  return addresses;
}

/**
 * A number stated of a customer, in E.164; null for none. Where it says no country it is one of the customer's country, and of
 * the company's only where nothing is known of the customer's: in a wrong country it would be another person's.
 */
export function phoneOf({ traits }: Profile, stated: unknown, companyZones: readonly string[]): string | null {
  if (typeof stated !== "string" && typeof stated !== "number") return null;
  const named = statedCountry(traits);
  return normalisePhone(String(stated), named === null ? countryOfZone(homeZone(companyZones)) : countryNamed(named));
}

/**
 * The zones a customer may be in: the one stated, else the device's, else those of the postal address's and the number's countries, else the
 * company's. The strictest of several rules (quiet hours, 47 CFR 64.1200(c)(1) speaks of the called party's local time).
 */
export function zonesOf(profile: Profile, companyZones: readonly string[]): readonly string[] {
  const { traits } = profile;
  const stated = stringOf(traits.timezone?.value)?.trim() ?? null;
  const zone = stated !== null && isZone(stated) ? stated : (profile.zone?.value ?? null);
  const country = countryNamed(statedCountry(traits) ?? "");
  const phone = phoneOf(profile, traits.phone?.value, companyZones);
  return zonesOfPlace({ zone, country, phone }, companyZones);
}

/** As `country` or within `address`, where Segment's specification has it. */
const statedCountry = ({ country, address }: Profile["traits"]): string | null =>
  stringOf(country?.value) ?? stringOf(Object(address?.value).country);

const stringOf = (value: unknown): string | null => (typeof value === "string" ? value : null);

/** How each of the policy's channels reaches this customer, as learned from what came back, and from what it was learned. */
export function reachOf(
  profile: Profile,
  policy: Policy,
  zone: string | readonly string[],
  now: number,
): { reach: Reach; evidence: ReachEvidence } {
  const reach: Partial<Record<ContactChannel, number | readonly number[]>> = {};
  const evidence: Partial<Record<ContactChannel, ReachFrom>> = {};
  const { ledger, proofs } = profile;
  const stated = profile.traits.preferredChannel?.value;
  const preferred = typeof stated === "string" && policy.channels.has(stated as ContactChannel) ? stated : null;
  for (const [channel, terms] of policy.channels) {
    const given = { ledger, proofs, preferred, zone: homeZone(zone), now };
    const { chance, ...from } = learnReach(channel, terms.reach, policy.reach, given);
    reach[channel] = chance;
    evidence[channel] = from;
  }
  return { reach, evidence };
}

/** The language a customer is written to in: as stated, else the company's. */
export function localeOf(profile: Profile, fallback: string): string {
  return readLocale(profile.traits.locale?.value) ?? readLocale(profile.traits.language?.value) ?? fallback;
}
