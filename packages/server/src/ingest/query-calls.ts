import type { FastifyRequest } from "fastify";

import { readJson } from "../platform/read-json.ts";
import { wrongField } from "./wrong-field.ts";

/** Deeper names than this are nobody's fields. */
const MOST_PARTS = 8;
const UNSAFE = new Set(["__proto__", "constructor", "prototype"]);

/** The first value of a name in the request's address; null where there is none. */
export function queryText(request: FastifyRequest, name: string): string | null {
  const given = (request.query as Record<string, unknown>)[name];
  const first = Array.isArray(given) ? given[0] : given;
  return typeof first === "string" ? first : null;
}

/**
 * A call as RudderStack's pixel says it: each field by its path (`context.page.url=…`), all values texts. The write key
 * is no part of it.
 */
export function callOfQuery(request: FastifyRequest): Record<string, unknown> {
  const call: Record<string, unknown> = {};
  for (const path of Object.keys(request.query as object)) {
    const parts = path.split(".");
    if (path === "writeKey" || parts.length > MOST_PARTS || parts.some((part) => UNSAFE.has(part))) continue;
    put(call, parts, queryText(request, path) ?? "");
  }
  // AMP pages put quotes around the id that they were given by a cookie.
  if (typeof call.anonymousId === "string") call.anonymousId = call.anonymousId.replace(/^"(.*)"$/, "$1");
  return call;
}

function put(into: Record<string, unknown>, [name = "", ...rest]: string[], value: string): void {
  if (rest.length === 0) {
    into[name] = value;
    return;
  }
  const within = into[name];
  const record = typeof within === "object" && within !== null ? (within as Record<string, unknown>) : {};
  into[name] = record;
  put(record, rest, value);
}

/** A call as Segment's pixel says it: JSON in `data`, as base64 (of either alphabet) or as it is. */
export function callOfData(request: FastifyRequest): Record<string, unknown> {
  const data = queryText(request, "data") || "{}";
  try {
    const text = data.startsWith("{") ? data : Buffer.from(data, "base64").toString("utf8");
    const call = readJson(text);
    if (typeof call === "object" && call !== null && !Array.isArray(call)) return call as Record<string, unknown>;
  } catch {
    // Said below: the two faults are one to who sent it.
  }
  throw wrongField("data", "must be a call as JSON, in base64");
}
