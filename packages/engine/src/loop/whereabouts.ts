import { homeZone, learnReach, zonesOf as zonesOfPlace } from "../contact/index.ts";
import type { Policy, Reach, ReachEvidence, ReachFrom } from "../decision/index.ts";
import { normaliseEmail, normalisePhone } from "../identity/index.ts";
import type { ContactChannel, Profile } from "../profile/index.ts";

/** Where a customer can be written to, by channel, as stated in the traits and well formed. */
export function addressesOf(profile: Profile, region: string): Partial<Record<ContactChannel, string>> {
  const addresses: Partial<Record<ContactChannel, string>> = {};
  const email = profile.traits.email?.value;
  const phone = profile.traits.phone?.value;
  const mailbox = typeof email === "string" ? normaliseEmail(email) : null;
  const number = typeof phone === "string" ? numberOf(phone, region) : null;
  if (mailbox) addresses.email = mailbox;
  if (number) addresses.sms = number;
  return addresses;
}

/** E.164 already, as identity left it, is not read again: parsing costs more than all the rest of a decision. */
const numberOf = (phone: string, region: string): string | null =>
  /^\+[1-9]\d{6,14}$/.test(phone) ? phone : normalisePhone(phone, region);

/**
 * The zones a customer may be in: the one stated, else those of the postal address's and the number's countries, else the
 * company's. The strictest of several rules (quiet hours, 47 CFR 64.1200(c)(1) speaks of the called party's local time).
 */
export function zonesOf({ traits }: Profile, companyZones: readonly string[]): readonly string[] {
  const zone = stringOf(traits.timezone?.value);
  const phone = stringOf(traits.phone?.value);
  return zonesOfPlace({ zone, country: countryOf(traits), phone }, companyZones);
}

/** ISO 3166, as `country` or within `address`, where Segment's specification has it. */
function countryOf({ country, address }: Profile["traits"]): string | null {
  const stated = stringOf(country?.value) ?? stringOf(Object(address?.value).country);
  return stated !== null && /^[A-Za-z]{2}$/.test(stated) ? stated : null;
}

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
  const stated = profile.traits.locale?.value ?? profile.traits.language?.value;
  return typeof stated === "string" && /^[a-z]{2}(-[A-Za-z0-9]+)*$/.test(stated) ? stated : fallback;
}
