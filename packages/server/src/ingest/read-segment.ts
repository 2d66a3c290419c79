import type { Channel, Claim, Event, EventKind } from "@rapport/contract/event";
import type { Origin } from "@rapport/contract/origin";

import { isTooDeep, MOST_DEEP } from "./nesting.ts";
import { mergedIds } from "./read-merge.ts";
import { EARLIEST, readTime, TIME_RULE } from "./read-time.ts";

/** A call of the Segment HTTP API, as it may come in: nothing about it is certain. */
type Call = Record<string, unknown>;

export type ReadEvent =
  /** `stated`: its identifiers are said to be one person's. `anonymousId`: by which the sender knows its own visitor. */
  | { kind: "event"; event: Event; stated: boolean; anonymousId: string | null }
  | { kind: "fault"; field: string; reason: string; raw: unknown };

const KINDS: Record<string, EventKind> = {
  identify: "identify",
  track: "track",
  page: "page",
  screen: "screen",
  group: "group",
  alias: "alias",
  merge: "alias",
};

/** Longest id, event name, and trait name. */
const LONGEST = 255;
/** A sender's clock may be ahead by this much; what claims to lie further in the future happened when it was received. */
const FUTURE_MS = 5 * 60_000;

/**
 * Reads one call of the Segment spec into an event, or says which field is wrong.
 * Time: `receivedAt − (sentAt − originalTimestamp)` where both are known, `timestamp` otherwise.
 */
export function readSegmentCall(
  call: unknown,
  type: string | null,
  received: { at: number; source: string; origin: Origin; id: string; sentAt: unknown },
): ReadEvent {
  const fault = (field: string, reason: string): ReadEvent => ({ kind: "fault", field, reason, raw: call });
  if (!isRecord(call)) return fault("", "must be an object");
  const named = typeof call.type === "string" ? call.type : (type ?? "");
  const kind = Object.hasOwn(KINDS, named) ? KINDS[named] : undefined;
  if (!kind) return fault("type", "must be identify, track, page, screen, group or alias");
  for (const field of ["userId", "anonymousId", "messageId", "previousId", "groupId", "event", "name"] as const) {
    const stated = call[field];
    if (stated === undefined || stated === null) continue;
    const isId = !(field === "event" || field === "name" || field === "messageId");
    if (typeof stated !== "string" && !(isId && typeof stated === "number")) return fault(field, "must be a string");
    if (typeof stated === "number" && isRounded(stated))
      return fault(field, "must be text: a number with an exponent has lost its last digits");
    if (String(stated).length > LONGEST) return fault(field, `must be at most ${LONGEST} characters`);
  }
  for (const field of ["traits", "properties", "context"] as const) {
    if (call[field] !== undefined && call[field] !== null && !isRecord(call[field]))
      return fault(field, "must be an object");
    if (isTooDeep(call[field])) return fault(field, `must not be nested more than ${MOST_DEEP} deep`);
  }
  if (kind === "track" && !text(call.event)) return fault("event", "must be given for track");
  if (kind === "group" && !text(call.groupId)) return fault("groupId", "must be given for group");
  if (kind === "alias" && !mergedIds(call) && !(text(call.previousId) && text(call.userId)))
    return fault("previousId", "alias needs previousId and userId");

  const context = record(call.context);
  // RudderStack says an identify's traits in its context.
  const stated = record(call.traits) ?? (kind === "identify" ? record(context?.traits) : undefined);
  const traits = kind === "identify" || kind === "group" ? stated : undefined;
  const claims = claimsOf(call, kind, context, kind === "identify" ? traits : record(context?.traits));
  if (claims.length === 0) return fault("userId", "userId or anonymousId must be given");
  const at = timeOf(call, received.sentAt ?? call.sentAt, received.at);
  if (at === null) return fault("timestamp", TIME_RULE);

  const event: Event = {
    id: text(call.messageId) ?? received.id,
    kind,
    name: nameOf(call, kind),
    at,
    receivedAt: received.at,
    claims,
    origin: received.origin,
    source: received.source,
    channel: channelOf(call, context),
  };
  if (traits) event.traits = kind === "group" ? prefixed(traits, call) : traits;
  const properties = record(call.properties);
  if (properties) event.properties = properties;
  if (context) event.context = context;
  return { kind: "event", event, stated: kind === "alias", anonymousId: text(call.anonymousId) };
}

function nameOf(call: Call, kind: EventKind): string {
  if (kind === "track") return text(call.event) ?? "";
  return kind === "page" || kind === "screen" ? (text(call.name) ?? kind) : kind;
}

/** A group's own traits are kept apart from the person's. */
function prefixed(traits: Record<string, unknown>, call: Call): Record<string, unknown> {
  const all = Object.entries(traits).map(([name, value]) => [`group.${name}`, value] as const);
  return Object.fromEntries([["groupId", text(call.groupId)], ...all]);
}

function claimsOf(
  call: Call,
  kind: EventKind,
  context: Record<string, unknown> | undefined,
  traits: Record<string, unknown> | undefined,
): Claim[] {
  const claims: Claim[] = [];
  const add = (name: string, value: unknown) => {
    const stated = text(value);
    if (stated !== null && !claims.some((claim) => claim.kind === name && claim.value === stated))
      claims.push({ kind: name, value: stated });
  };
  add("user_id", call.userId);
  // Who is called by the user's id anonymously is not anonymous: such an id is no secret between a browser and us.
  if (text(call.anonymousId) !== text(call.userId)) add("anonymous_id", call.anonymousId);
  if (kind === "alias" && text(call.previousId) !== text(call.anonymousId)) add("user_id", call.previousId);
  for (const merged of (kind === "alias" && mergedIds(call)) || []) add(merged.kind, merged.value);
  add("email", traits?.email);
  add("phone", traits?.phone);
  add("device_id", record(context?.device)?.id);
  for (const stated of Array.isArray(context?.externalIds) ? context.externalIds.slice(0, 10) : []) {
    const external = record(stated);
    const name = text(external?.type);
    if (external?.collection === "users" && name && /^[a-z][a-z0-9_]{0,31}$/.test(name) && name !== "customer")
      add(name, external.id);
  }
  return claims;
}

function timeOf(call: Call, sentAt: unknown, receivedAt: number): number | null {
  const stated = call.originalTimestamp ?? call.timestamp;
  if (stated === undefined || stated === null) return receivedAt;
  const original = readTime(stated);
  if (original === null) return null;
  const sent = readTime(sentAt);
  const at = sent === null ? original : receivedAt - (sent - original);
  if (at > receivedAt + FUTURE_MS) return receivedAt;
  return at < EARLIEST ? null : at;
}

function channelOf(call: Call, context: Record<string, unknown> | undefined): Channel {
  const library = text(record(context?.library)?.name) ?? "";
  if (call.channel === "mobile" || /ios|android|react-native|flutter/i.test(library)) return "mobile";
  if (call.channel === "browser" || /analytics\.js|next|web/i.test(library) || context?.page !== undefined)
    return "web";
  return "server";
}

/** Beyond 2^53 whole numbers come as text (`readJson`): what is still a number there was written with an exponent. */
const isRounded = (value: number): boolean => Number.isInteger(value) && !Number.isSafeInteger(value);
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const record = (value: unknown): Record<string, unknown> | undefined => (isRecord(value) ? value : undefined);
const text = (value: unknown): string | null => {
  if (typeof value === "number") return Number.isFinite(value) && !isRounded(value) ? String(value) : null;
  return typeof value === "string" && value.length > 0 ? value : null;
};
