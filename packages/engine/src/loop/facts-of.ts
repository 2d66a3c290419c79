import type { Event } from "@rapport/contract/event";

import type { Facts } from "../condition/index.ts";
import { ownOf } from "../own-of.ts";
import { answerFeature, type Profile } from "../profile/index.ts";
import type { Model } from "./model.ts";

/** What conditions may ask about a customer now: the variables of `docs/glossary.md`, "fact". */
export function factsOf(profile: Profile, event: Event | null, model: Model, now: number, foresees: boolean): Facts {
  const features: Record<string, unknown> = {};
  for (const feature of model.features)
    features[feature.name] = answerFeature(feature, ownOf(profile.features, feature.name), now);
  const { forecast, options } = foresees ? model.outlook(profile, now) : { forecast: {}, options: [] };
  return {
    customer: { id: profile.customerId, firstSeenAt: profile.firstSeenAt, lastSeenAt: profile.lastSeenAt },
    traits: valuesOf(profile.traits),
    claimed: valuesOf(profile.claimed),
    features,
    consent: statusesOf(profile),
    event: event && {
      name: event.name,
      kind: event.kind,
      at: event.at,
      channel: event.channel,
      origin: event.causedBy ?? event.origin,
      properties: event.properties ?? {},
    },
    forecast,
    options,
    now,
  };
}

export function valuesOf(traits: Profile["traits"]): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const name in traits) values[name] = traits[name]?.value;
  return values;
}

function statusesOf(profile: Profile): Record<string, string> {
  const statuses: Record<string, string> = {};
  for (const key in profile.consent) statuses[key] = profile.consent[key]?.value.status ?? "";
  return statuses;
}
