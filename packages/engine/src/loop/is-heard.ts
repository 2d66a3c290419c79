import type { Event } from "@rapport/contract/event";
import { hears, type Origin } from "@rapport/contract/origin";

import { answerFeature, type FeatureIndex, type Profile } from "../profile/index.ts";
import { countOf } from "./browser-events.ts";
import type { Model } from "./model.ts";

/**
 * Whether a rule that hears `from` these origins is set going by an event that has been folded into the profile. A timer's
 * name is heard from the hub alone; a browser is heard only of what a pack opens to browsers, and within its caps.
 */
export function isHeard(from: readonly Origin[], event: Event, profile: Profile, model: Model): boolean {
  if (isForged(event, model) || event.overCap !== undefined || !hears(from, event)) return false;
  if (event.origin !== "browser") return true;
  const opened = model.browserEvents.get(event.name);
  if (!opened) return false;
  const count = countOf(opened);
  return Number(answerFeature(count, profile.features[count.name], event.receivedAt)) <= opened.perCustomer.limit;
}

/** Features that hear an event: none of one that says the name of a timer and did not come from it. */
export const featuresFor = (event: Event, model: Pick<Model, "featureIndex" | "timerNames">): FeatureIndex =>
  isForged(event, model) ? NONE : model.featureIndex;

const NONE: FeatureIndex = new Map();

const isForged = ({ name, origin }: Event, { timerNames }: Pick<Model, "timerNames">): boolean =>
  origin !== "hub" && timerNames.has(name);
