import type { Event } from "@rapport/contract/event";

import { normaliseEmail } from "../identity/index.ts";
import type { Profile } from "../profile/index.ts";
import { hubEvent } from "./hub-event.ts";
import { phoneOf } from "./whereabouts.ts";

/**
 * A proven word by a channel confirms the address that a browser claimed for it: whoever speaks from there is this customer.
 * The hub says so by an event of its own, so that the profile stays a fold of its events.
 */
export function confirmClaim(profile: Profile, event: Event, companyZones: readonly string[]): Event[] {
  const { channel, from } = (event.properties ?? {}) as { channel?: unknown; from?: unknown };
  if (event.origin !== "person" || typeof from !== "string") return [];
  const trait = channel === "email" ? "email" : channel === "sms" ? "phone" : null;
  if (trait === null) return [];
  const normal = (value: unknown): string | null =>
    trait === "phone"
      ? phoneOf(profile, value, companyZones)
      : typeof value === "string"
        ? normaliseEmail(value)
        : null;
  const spoken = normal(from);
  if (spoken === null || normal(profile.claimed[trait]?.value) !== spoken) return [];
  if (normal(profile.traits[trait]?.value) === spoken) return [];
  const told = { id: `${event.id}/confirmed`, kind: "identify", name: "trait.confirmed", at: event.at } as const;
  return [hubEvent(profile, event, { ...told, traits: { [trait]: spoken } })];
}
