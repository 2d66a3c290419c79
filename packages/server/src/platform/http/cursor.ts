import { type Static, type TSchema, Type } from "typebox";
import { Value } from "typebox/value";

import { holdsUnkeepable } from "./unkeepable-text.ts";
import { Refused } from "./problem.ts";

/** A place in a list, as callers see it: opaque, and good for nothing but the next page of that list. */
export const Cursor = Type.String({ minLength: 1, maxLength: 4_000, description: "as the page before gave it" });

/** Microseconds of the epoch, as PostgreSQL keeps time: a JavaScript date would cut them off. Until the year 2255. */
export const Micros = Type.Integer({ minimum: 0, maximum: 9_000_000_000_000_000 });
export const LATEST_MICROS = 9_000_000_000_000_000;

/** A number of a row made by the database. */
export const Position = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER });

export const cursorOf = (place: readonly unknown[]): string => Buffer.from(JSON.stringify(place)).toString("base64url");

/** The place that a cursor of ours names; null without one. What we did not write is refused with the field named. */
export function placeIn<Place extends TSchema>(
  place: Place,
  cursor: string | undefined,
  field: "before" | "cursor",
): Static<Place> | null {
  if (cursor === undefined) return null;
  const given = parsed(Buffer.from(cursor, "base64url").toString("utf8"));
  if (Value.Check(place, given) && !holdsUnkeepable(given)) return given;
  throw new Refused("request/invalid", "some fields are wrong", {
    errors: [{ field, message: "is not a cursor of this list" }],
  });
}

/** A time of the database in a form that it reads back whole. */
export function timeOfMicros(micros: number): string {
  const millis = Math.floor(micros / 1_000);
  return new Date(millis).toISOString().replace("Z", `${String(micros - millis * 1_000).padStart(3, "0")}Z`);
}

/** The first `size` of the rows that were asked for (one more than a page has), and the place after them, if there are more. */
export function pageOf<Row>(
  rows: readonly Row[],
  size: number,
  placeOf: (last: Row) => readonly unknown[],
): { shown: Row[]; next: string | null } {
  const shown = rows.slice(0, size);
  const last = shown.at(-1);
  return { shown, next: rows.length > size && last !== undefined ? cursorOf(placeOf(last)) : null };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
