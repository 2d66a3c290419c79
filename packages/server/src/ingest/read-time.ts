/** 2000-01-01 and 2100-01-01: what lies before or after is a broken clock, or a number in another unit. */
export const EARLIEST = 946_684_800_000;
const LATEST = 4_102_444_800_000;
/** What a count since 1970 may count: milliseconds of one. */
const UNITS_MS = [1_000, 1, 1e-3, 1e-6];

/** What must be said of a time that is not read. */
export const TIME_RULE =
  "must be an ISO 8601 time after the year 2000, or seconds, milli-, micro- or nanoseconds of the Unix clock";

/**
 * A time as it is written by what people use, epoch milliseconds; null for what cannot be meant. ISO 8601 and RFC 3339 (a blank
 * for the T, no seconds, the date alone, basic form), RFC 5322 and JavaScript's own, and counts since 1970, told apart by
 * their size: the units are a thousand apart and the years 2000 to 2100 are not. Without a zone it is UTC, whatever zone the
 * server is in. A day and a month in an order that differs by country (`06/10/2026`) are not guessed.
 */
export function readTime(value: unknown): number | null {
  if (typeof value === "number") return ofCount(value);
  if (typeof value !== "string" || value.length > 80) return null;
  const text = value.trim();
  if (/^\d{8}$/.test(text)) return ofParts(ISO.exec(text));
  if (/^\d+(\.\d+)?$/.test(text)) return ofCount(Number(text));
  return ofParts(ISO.exec(text)) ?? inWords(text);
}

function ofCount(count: number): number | null {
  for (const unit of UNITS_MS) {
    const at = Math.floor(count * unit);
    if (at >= EARLIEST && at < LATEST) return at;
  }
  return null;
}

/** The zone may have its name behind it: Go writes `+0000 UTC`, Java `+02:00[Europe/Berlin]`. */
const ISO =
  /^(\d{4})([-/]?)(\d\d)\2(\d\d)(?:(?:T|\s+)(\d\d)(?::?(\d\d)(?::?(\d\d)(?:[.,](\d{1,9}))?)?)?\s*(Z|UTC|GMT|([+-])(\d\d)(?::?(\d\d))?)?(?:\s+[A-Z]{3,5}|\[[\w/+-]+\])?)?$/i;

function ofParts(parts: RegExpExecArray | null): number | null {
  if (!parts) return null;
  const [year = 0, , month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts
    .slice(1, 8)
    .map((part) => Number(part ?? 0));
  const date = new Date(Date.UTC(year, month - 1, day));
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null;
  if (hour > 24 || minute > 59 || second > 60 || (hour === 24 && minute + second > 0)) return null;
  const [fraction = "", , sign, zoneHour = "0", zoneMinute = "0"] = parts.slice(8);
  const offset = (sign === "-" ? -1 : 1) * (Number(zoneHour) * 60 + Number(zoneMinute));
  const ms = Number(fraction.slice(0, 3).padEnd(3, "0"));
  return date.getTime() + ((hour * 60 + minute - offset) * 60 + second) * 1_000 + ms;
}

const IN_WORDS = /^(?:[a-z]{3,9},?\s+)?(?:[a-z]{3,9}\.?\s+\d{1,2}|\d{1,2}\s+[a-z]{3,9}),?\s+\d{4}\b/i;
const HAS_ZONE = /\b(GMT|UTC|[ECMP][SD]T)\b|[+-]\d\d:?\d\d\b|\dZ$/i;

/** `Wed, 10 Jun 2026 16:00:00 +0200`, `Wed Jun 10 2026 16:00:00 GMT+0200 (CEST)`. */
function inWords(text: string): number | null {
  if (!IN_WORDS.test(text)) return null;
  const at = Date.parse(HAS_ZONE.test(text) ? text : `${text} UTC`);
  return Number.isFinite(at) ? at : null;
}
