import { isUtf8 } from "node:buffer";
import type { Claim, Event } from "@rapport/contract/event";
import type { Origin } from "@rapport/contract/origin";

import { readJson } from "../platform/read-json.ts";
import { isTooDeep, MOST_DEEP } from "./nesting.ts";
import type { ReadEvent } from "./read-segment.ts";
import { EARLIEST, readTime } from "./read-time.ts";

/**
 * Reads a CloudEvents 1.0 event (structured form; binary and batch are brought to it first). The type becomes the event's
 * name, the data its properties. Who it is about: `subject` as the user id, and `data.userId|anonymousId|email|phone`.
 * Duplicates are the same source and id, as the specification says.
 */
export function readCloudEvent(stated: unknown, received: { at: number; source: string; origin: Origin }): ReadEvent {
  const fault = (field: string, reason: string): ReadEvent => ({ kind: "fault", field, reason, raw: stated });
  if (typeof stated !== "object" || stated === null || Array.isArray(stated)) return fault("", "must be an object");
  const event = stated as Record<string, unknown>;
  if (event.specversion !== "1.0") return fault("specversion", 'must be "1.0"');
  for (const field of ["id", "source", "type"] as const) {
    const value = event[field];
    if (typeof value !== "string" || value.length === 0) return fault(field, "must be a string of 1 character or more");
  }
  if (String(event.type).length > 255) return fault("type", "must be at most 255 characters");
  const { id, source, type } = event as { id: string; source: string; type: string };
  const at = event.time === undefined ? received.at : readTime(event.time);
  if (at === null || at < EARLIEST) return fault("time", "must be an RFC 3339 time after the year 2000");
  const said = dataOf(event);
  if (said === undefined)
    return fault("data_base64", "must be base64, of JSON where datacontenttype says so, and no data beside it");
  if (isTooDeep(said)) return fault("data", `must not be nested more than ${MOST_DEEP} deep`);
  const data =
    typeof said === "object" && said !== null && !Array.isArray(said)
      ? (said as Record<string, unknown>)
      : { value: said };
  const claims = claimsOf(event.subject, data);
  if (claims.length === 0)
    return fault("subject", "subject, or userId, anonymousId, email or phone in data, must say whom it is about");

  const read: Event = {
    id: JSON.stringify([source, id]),
    kind: "track",
    name: type,
    at: Math.min(at, received.at),
    receivedAt: received.at,
    claims,
    origin: received.origin,
    source: received.source,
    channel: "server",
    properties: data,
  };
  const { anonymousId } = data;
  return {
    kind: "event",
    event: read,
    stated: false,
    anonymousId: typeof anonymousId === "string" ? anonymousId : null,
  };
}

/**
 * The data: as it is, or as `data_base64` holds it (CloudEvents JSON format 1.0, 3.1.1): JSON, unless another type is named, or a
 * text; other bytes stay base64. Undefined for what is not what it says.
 */
function dataOf({ data, data_base64: encoded, datacontenttype: type }: Record<string, unknown>): unknown {
  if (encoded === undefined || encoded === null) return data ?? null;
  if (typeof encoded !== "string" || !/^[A-Za-z0-9+/]*={0,2}$/.test(encoded) || (data ?? null) !== null)
    return undefined;
  const bytes = Buffer.from(encoded, "base64");
  if (!isUtf8(bytes)) return encoded;
  const text = bytes.toString("utf8");
  try {
    return type === undefined || type === null || /\bjson\b/i.test(String(type)) ? readJson(text) : text;
  } catch {
    return type === undefined || type === null ? text : undefined;
  }
}

function claimsOf(subject: unknown, data: Record<string, unknown>): Claim[] {
  const stated: [string, unknown][] = [
    ["user_id", subject ?? data.userId],
    ["anonymous_id", data.anonymousId],
    ["email", data.email],
    ["phone", data.phone],
  ];
  return stated
    .map(([kind, value]) => ({
      kind,
      value: typeof value === "number" && Number.isSafeInteger(value) ? String(value) : value,
    }))
    .filter(
      (claim): claim is Claim => typeof claim.value === "string" && claim.value.length > 0 && claim.value.length <= 255,
    );
}
