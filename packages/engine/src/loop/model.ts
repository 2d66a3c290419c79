import type { Origin } from "@rapport/contract/origin";

import type { Facts } from "../condition/index.ts";
import type { Policy } from "../decision/index.ts";
import { type Feature, type FeatureIndex, indexFeatures, type Profile } from "../profile/index.ts";
import { type BrowserEvent, countOf } from "./browser-events.ts";

/**
 * An event that comes by itself, so long after one of `on`, unless one of `until` comes first, of those that it hears `from`.
 * One of a name for each customer.
 */
export type Timer = {
  name: string;
  on: readonly string[];
  until: readonly string[];
  from: readonly Origin[];
  afterMs: number;
};

/** How one event name is reacted to, and what is known beside the profile: compiled once, from the installed packs. */
export type Model = {
  features: readonly Feature[];
  featureIndex: FeatureIndex;
  policiesByEvent: ReadonlyMap<string, readonly Policy[]>;
  timers: readonly Timer[];
  /** Names that timers fire under: heard from the hub alone. */
  timerNames: ReadonlySet<string>;
  /** What packs open to browsers, by the event's name. */
  browserEvents: ReadonlyMap<string, BrowserEvent>;
  /** Forecasts and options, for policies that read them. Pure. */
  outlook: (profile: Profile, now: number) => { forecast: Facts; options: readonly unknown[] };
  /** Zones a customer may be in when nothing tells: the company's markets. */
  zones: readonly string[];
  locale: string;
};

export function modelOf(
  parts: Pick<Model, "features" | "timers" | "outlook" | "zones" | "locale"> & {
    policies: readonly Policy[];
    browserEvents?: readonly BrowserEvent[];
  },
): Model {
  const policiesByEvent = new Map<string, Policy[]>();
  for (const policy of parts.policies) {
    for (const name of policy.on) policiesByEvent.set(name, [...(policiesByEvent.get(name) ?? []), policy]);
  }
  const { policies: _, browserEvents: stated = [], ...rest } = parts;
  const browserEvents = new Map<string, BrowserEvent>();
  for (const one of stated) if (!browserEvents.has(one.event)) browserEvents.set(one.event, one);
  const featureIndex = indexFeatures([...rest.features, ...[...browserEvents.values()].map(countOf)]);
  const timerNames = new Set(rest.timers.map((timer) => timer.name));
  return { ...rest, featureIndex, policiesByEvent, timerNames, browserEvents };
}

export const nothingForeseen: Model["outlook"] = () => ({ forecast: {}, options: [] });
