import { hash } from "node:crypto";
import type { Event } from "@rapport/contract/event";
import { strongestKey, defaultIdentityPolicy } from "@rapport/engine/identity/index";
import {
  featuresFor,
  type IdOf,
  type Model,
  type PlannedMessage,
  reactToEvents,
  type TakenDecision,
  type TimerNews,
  valuesOf,
} from "@rapport/engine/loop/index";
import { emptyProfile, foldEvent, type Profile } from "@rapport/engine/profile/index";

import { jsonbText } from "../platform/well-formed-json.ts";
import type { InboxItem } from "./inbox-item.ts";
import type { CustomerRow, StatusRow } from "./store.ts";

/** What a batch of a partition came to, in memory: nothing has been written. */
export type Applied = {
  customers: CustomerRow[];
  events: { customerId: string; event: Event }[];
  decisions: TakenDecision[];
  messages: (PlannedMessage & { customerId: string })[];
  statuses: StatusRow[];
  timers: ({ customerId: string; name: string } & TimerNews)[];
  tallies: Map<string, number>;
};

/** Applies ordinary events of many customers to their profiles, and decides. Pure but for the hash that makes ids. */
export function applyEvents(
  items: Extract<InboxItem, { kind: "event" }>[],
  known: Profile[],
  model: Model,
  now: number,
): Applied {
  const profiles = new Map(known.map((profile) => [profile.customerId, profile]));
  const applied: Applied = {
    customers: [],
    events: [],
    decisions: [],
    messages: [],
    statuses: [],
    timers: [],
    tallies: new Map(),
  };
  for (const [customerId, events] of byCustomer(items)) {
    const { events: kept, ...reaction } = reactToEvents(
      profiles.get(customerId) ?? emptyProfile(customerId),
      events,
      model,
      now,
      idOf,
    );
    applied.customers.push(rowOf(reaction.profile));
    for (const event of kept) {
      if (event.kind !== "decision") applied.events.push({ customerId, event });
      if (event.kind === "message") applied.statuses.push(...statusOf(customerId, event));
      count(applied.tallies, event);
    }
    applied.decisions.push(...reaction.decisions);
    for (const [name, news] of reaction.timers) applied.timers.push({ customerId, name, ...news });
    for (const message of reaction.messages) applied.messages.push({ ...message, customerId });
  }
  return applied;
}

function byCustomer(items: Extract<InboxItem, { kind: "event" }>[]): Map<string, Event[]> {
  const groups = new Map<string, Event[]>();
  for (const { customerId, event } of items) {
    const known = groups.get(customerId);
    if (known) known.push(event);
    else groups.set(customerId, [event]);
  }
  return groups;
}

/** Segments read the state as jsonb. */
export function rowOf(profile: Profile, mergedInto: string | null = null): CustomerRow {
  return {
    customerId: profile.customerId,
    name: nameOf(profile),
    mergedInto,
    state: jsonbText(JSON.stringify(profile)),
  };
}

/** The name a person would look for. */
export function nameOf(profile: Profile): string | null {
  const { name, firstName, lastName } = valuesOf(profile.traits);
  const whole =
    typeof name === "string" ? name : [firstName, lastName].filter((part) => typeof part === "string").join(" ");
  return whole.length > 0 ? whole.slice(0, 200).replaceAll("\0", "") : null;
}

function statusOf(customerId: string, event: Event): StatusRow[] {
  const { messageId, status, ...detail } = (event.properties ?? {}) as { messageId?: string; status?: string };
  if (!messageId || !status || !/^[0-9a-f-]{36}$/.test(messageId)) return [];
  return [
    {
      customerId,
      messageId,
      status,
      at: event.at,
      detail: Object.keys(detail).length > 0 ? JSON.stringify(detail) : null,
    },
  ];
}

function count(tallies: Map<string, number>, event: Event): void {
  const metric = event.kind === "message" || event.kind === "decision" ? event.name : `event.${event.kind}`;
  tallies.set(metric, (tallies.get(metric) ?? 0) + 1);
}

/** A uuid made from what caused it: the same cause gives the same id. */
export const idOf: IdOf = (...parts) => {
  const hex = hash("md5", parts.join("\n"));
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-3${hex.slice(13, 16)}-9${hex.slice(17, 20)}-${hex.slice(20)}`;
};

/** Folds a timeline into a profile, deciding nothing: how profiles are rebuilt after a merge or its undo. */
export function foldTimeline(customerId: string, events: Event[], model: Model): Profile {
  const profile = emptyProfile(customerId);
  for (const event of events) foldEvent(profile, event, featuresFor(event, model));
  return profile;
}

/** Whose each event is now: the holder of its strongest identifier that is not shared. */
export function divideEvents(
  from: string,
  events: Event[],
  holders: Record<string, string>,
  shared: string[],
): Map<string, Event[]> {
  const sharedKeys = new Set(shared);
  const owners = new Map<string, Event[]>();
  for (const event of events) {
    const key = strongestKey(event.claims, defaultIdentityPolicy, (one) => sharedKeys.has(one));
    const owner = (key && holders[key]) ?? from;
    owners.set(owner, [...(owners.get(owner) ?? []), event]);
  }
  return owners;
}
