import type { Contact, Profile } from "../profile/profile.ts";

/** The household that a trait names; null for none. */
export const householdNamed = (stated: unknown): string | null =>
  typeof stated === "string" && stated.length > 0 && stated.length <= 200 ? stated : null;

/** The household a customer says to belong to; null for none. */
export const householdOf = ({ traits }: Pick<Profile, "traits">): string | null =>
  householdNamed(traits.household?.value);

/** What the others of the customer's present household were sent, as it was heard; not what is on the own ledger since a merge. */
export function householdContacts(profile: Pick<Profile, "traits" | "household" | "ledger">): readonly Contact[] {
  if (profile.household.length === 0) return [];
  const home = householdOf(profile);
  const own = new Set(profile.ledger.map(({ messageId }) => messageId));
  return profile.household.flatMap(({ household, ...contact }) =>
    household === home && !own.has(contact.messageId) ? [contact] : [],
  );
}
