import type { Event } from "@rapport/contract/event";

import { TRAITS } from "./bounded.ts";
import { later } from "./later.ts";
import { bucketMs, type Feature, type FeatureState, type Profile } from "./profile.ts";
import { ownOf } from "../own-of.ts";
import { shortName } from "./short-name.ts";
import { textOf } from "./text-of.ts";

/** Features by the name of the event they listen to. */
export type FeatureIndex = ReadonlyMap<string, readonly Feature[]>;

/** A `distinct` feature keeps this many newest values, long ones by a short name; beyond, the count is a lower bound. */
const MOST_DISTINCT = 512;
/** A `last` feature hears of no value longer than a trait may be, in characters of JSON. */
const LONGEST_LAST = TRAITS.valueLength;

export function indexFeatures(features: readonly Feature[]): FeatureIndex {
  const index = new Map<string, Feature[]>();
  for (const feature of features) {
    for (const name of feature.events) index.set(name, [...(index.get(name) ?? []), feature]);
  }
  return index;
}

/** Adds one event to a feature's state, in place. Commutative. */
export function foldFeature(profile: Profile, feature: Feature, event: Event): void {
  const value = feature.property === null ? 1 : ownOf(event.properties ?? {}, feature.property);
  const state = ownOf(profile.features, feature.name);
  const at = feature.byReceipt ? event.receivedAt : event.at;
  switch (feature.kind) {
    case "count":
      profile.features[feature.name] = addToBucket(state, feature, at, 1);
      break;
    case "sum":
    case "daily": {
      const amount = amountOf(value);
      if (amount !== null) profile.features[feature.name] = addToBucket(state, feature, at, amount);
      break;
    }
    case "last": {
      if (value === undefined || JSON.stringify(value).length > LONGEST_LAST) return;
      const known = state?.kind === "last" ? state.last : undefined;
      profile.features[feature.name] = { kind: "last", last: later(known, { value, at, by: event.id }) };
      break;
    }
    case "distinct":
      if (value !== undefined) profile.features[feature.name] = addDistinct(state, feature, at, textOf(value));
      break;
  }
}

/** Forms and spreadsheets say amounts as texts. `12,50` and `1.250` mean other numbers elsewhere: what has a comma is not guessed. */
function amountOf(value: unknown): number | null {
  const amount = typeof value === "string" && /^\s*[+-]?\d+(\.\d+)?\s*$/.test(value) ? Number(value) : value;
  return typeof amount === "number" && Number.isFinite(amount) ? amount : null;
}

function addToBucket(state: FeatureState | undefined, feature: Feature, at: number, value: number): FeatureState {
  const sum = state?.kind === "buckets" ? state.sum : {};
  const bucket = Math.floor(at / bucketMs(feature));
  const isNew = sum[bucket] === undefined;
  sum[bucket] = round((sum[bucket] ?? 0) + value);
  if (isNew) dropOld(sum, feature.windowMs / bucketMs(feature));
  return { kind: "buckets", sum };
}

/** Sums of decimals in any order must agree, so they are kept to a millionth. */
const round = (value: number): number => Math.round(value * 1e6) / 1e6;

function dropOld(sum: Record<string, number>, width: number): void {
  const buckets = Object.keys(sum).map(Number);
  const oldest = Math.max(...buckets) - Math.ceil(width);
  for (const bucket of buckets) if (bucket < oldest) delete sum[bucket];
}

function addDistinct(state: FeatureState | undefined, feature: Feature, at: number, value: string): FeatureState {
  const known = state?.kind === "distinct" ? state.lastSeenAt : {};
  const lastSeenAt = new Map<string, number>();
  // Profiles of an older version hold long values whole.
  for (const [text, seenAt] of [...Object.entries(known), [value, at] as const]) {
    const name = shortName(text);
    lastSeenAt.set(name, Math.max(lastSeenAt.get(name) ?? Number.NEGATIVE_INFINITY, seenAt));
  }
  const oldest = Math.max(...lastSeenAt.values()) - feature.windowMs;
  const kept = [...lastSeenAt]
    .filter(([, seenAt]) => seenAt > oldest)
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, MOST_DISTINCT);
  return { kind: "distinct", lastSeenAt: Object.fromEntries(kept) };
}

/**
 * A feature's answer at `now`: a number for count, sum, daily (sum over the window) and distinct; the value, or null,
 * for last. A window's far edge is exact to its bucket (an hour or a day).
 */
export function answerFeature(feature: Feature, state: FeatureState | undefined, now: number): unknown {
  const since = now - feature.windowMs;
  switch (state?.kind) {
    case undefined:
      return feature.kind === "last" ? null : 0;
    case "buckets": {
      const width = bucketMs(feature);
      let total = 0;
      for (const bucket in state.sum) {
        if ((Number(bucket) + 1) * width > since && Number(bucket) * width <= now) total += state.sum[bucket] ?? 0;
      }
      return round(total);
    }
    case "last":
      return state.last.at > since ? state.last.value : null;
    case "distinct":
      return Object.values(state.lastSeenAt).filter((at) => at > since && at <= now).length;
  }
}
