import type { Event } from "@rapport/contract/event";

import { householdContacts, householdOf, openComplaints } from "../contact/index.ts";
import { type Act, type DecisionRecord, decide, isTriggered, type Policy } from "../decision/index.ts";
import { ownOf } from "../own-of.ts";
import { foldEvent, type Profile } from "../profile/index.ts";
import { answersTo } from "./answers-to.ts";
import { confirmClaim } from "./confirm-claim.ts";
import { factsOf } from "./facts-of.ts";
import { addressCapOf } from "./address-cap.ts";
import { hubEvent } from "./hub-event.ts";
import { featuresFor, isHeard } from "./is-heard.ts";
import type { Model } from "./model.ts";
import type { IdOf, PlannedMessage, Reaction } from "./reaction.ts";
import { setTimers } from "./set-timers.ts";
import { addressesOf, localeOf, reachOf, zonesOf } from "./whereabouts.ts";

/** A deed of the hub that calls for another is followed this far: beyond, a policy is chasing its own tail. */
const MOST_FOLLOWED = 4;
const LANE = { transactional: 1, conversation: 2, journey: 3 };
const DAY_MS = 86_400_000;

/**
 * Folds a customer's events, in order, and decides after each that a policy listens to. Pure: the same profile, events,
 * model and time give the same reaction. The profile is changed in place.
 */
export function reactToEvents(
  profile: Profile,
  events: readonly Event[],
  model: Model,
  now: number,
  idOf: IdOf,
): Reaction {
  const reaction: Reaction = { profile, events: [], decisions: [], messages: [], timers: new Map() };
  const waiting = events.map((event) => ({ event, depth: 0 }));
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const { event, depth } = next;
    const standing = event.kind === "reply" ? marketingConsent(profile, event) : null;
    foldEvent(profile, event, featuresFor(event, model));
    reaction.events.push(event);
    setTimers(reaction, event, model);
    if (depth >= MOST_FOLLOWED) continue;
    const answers =
      event.kind === "reply"
        ? [...confirmClaim(profile, event, model.zones), ...answersTo(event, reaction, standing, model, now, idOf)]
        : [];
    waiting.unshift(
      ...[...answers, ...decisionsOn(event, reaction, model, now, idOf)].map((own) => ({
        event: own,
        depth: depth + 1,
      })),
    );
  }
  return reaction;
}

const marketingConsent = (profile: Profile, event: Event): string | null =>
  profile.consent[`marketing/${event.properties?.channel}`]?.value.status ?? null;

function decisionsOn(event: Event, reaction: Reaction, model: Model, now: number, idOf: IdOf): Event[] {
  const { profile } = reaction;
  const own: Event[] = [];
  for (const policy of model.policiesByEvent.get(event.name) ?? []) {
    if (!isHeard(policy.from, event, profile, model)) continue;
    const lastDecidedAt = ownOf(profile.decidedAt, policy.name) ?? null;
    if (lastDecidedAt !== null && now - lastDecidedAt < policy.againMs) continue;
    const facts = factsOf(profile, event, model, now, foresees(policy));
    if (!isTriggered(policy, facts, now, lastDecidedAt)) continue;
    const addresses = addressesOf(profile, model.zones);
    const zone = zonesOf(profile, model.zones);
    const record = decide({
      policy,
      facts,
      profile,
      addresses,
      zone,
      now,
      ...reachOf(profile, policy, zone, now),
      household: householdContacts(profile),
      openComplaint: openComplaints(profile, now).length > 0,
    });
    const decisionId = idOf(profile.customerId, policy.name, event.id);
    reaction.decisions.push({ decisionId, record });
    own.push(decisionEvent(profile, event, decisionId, record, now));
    if (record.outcome.kind === "act") {
      const message = planMessage(policy, record.outcome, {
        decisionId,
        address: addresses[record.outcome.channel] ?? "",
        event,
        facts,
        profile,
        model,
        now,
        idOf,
      });
      reaction.messages.push(message);
      own.push(plannedEvent(profile, event, message, record.outcome, policy, now));
    }
  }
  return own;
}

const foresees = (policy: Policy): boolean =>
  policy.readsOptions || policy.reads.some(([root]) => root === "forecast" || root === "options");

type Planning = {
  decisionId: string;
  address: string;
  event: Event;
  facts: Readonly<Record<string, unknown>>;
  profile: Profile;
  model: Model;
  now: number;
  idOf: IdOf;
};

function planMessage(
  policy: Policy,
  act: Act,
  { decisionId, address, event, facts, profile, model, now, idOf }: Planning,
): PlannedMessage {
  const action = policy.actions.find((one) => one.name === act.action);
  const options = Array.isArray(facts.options) ? (facts.options as { name?: unknown; kind?: unknown }[]) : [];
  return {
    messageId: idOf(decisionId, act.channel),
    decisionId,
    policy: policy.name,
    mustSend: act.mustSend,
    channel: act.channel,
    purpose: act.purpose,
    lane: act.mustSend ? LANE.transactional : LANE.journey,
    address,
    template: action?.templates[act.channel] ?? act.action,
    locale: localeOf(profile, model.locale),
    sendAt: Math.max(act.at, now),
    expiresAt: Math.max(act.at, now) + DAY_MS,
    variables: {
      customer: facts.traits,
      event: facts.event,
      forecast: facts.forecast,
      option: options.find((option) => option.name === act.item) ?? null,
      nothing: options.find((option) => option.kind === "nothing") ?? null,
    },
    household: householdOf(profile),
    addressCap: addressCapOf(policy, act, event, model),
  };
}

function decisionEvent(profile: Profile, cause: Event, decisionId: string, record: DecisionRecord, now: number): Event {
  const { outcome, policy } = record;
  const told =
    outcome.kind === "act"
      ? { action: outcome.action, item: outcome.item, channel: outcome.channel }
      : { reason: outcome.reason.code };
  const properties = { decisionId, policy: policy.name, outcome: outcome.kind, ...told };
  return {
    ...hubEvent(profile, cause, { id: decisionId, kind: "decision", name: `decision.${outcome.kind}`, at: now }),
    properties,
  };
}

function plannedEvent(
  profile: Profile,
  cause: Event,
  message: PlannedMessage,
  act: Act,
  policy: Policy,
  now: number,
): Event {
  const { messageId, channel, purpose, decisionId } = message;
  const { stepHints, acceptFrom } = policy.actions.find((one) => one.name === act.action) ?? {};
  const accept = stepHints?.accept;
  const properties = {
    messageId,
    decisionId,
    channel,
    purpose,
    status: "planned",
    sendAt: message.sendAt,
    action: act.action,
    item: act.item,
    ...(typeof accept === "string" ? { accept } : {}),
    ...(acceptFrom?.includes("claimed-person") ? { acceptFrom } : {}),
  };
  return {
    ...hubEvent(profile, cause, { id: `${messageId}/planned`, kind: "message", name: "message.planned", at: now }),
    properties,
  };
}
