import { editDistance, jaroWinkler } from "./string-similarity.ts";

/**
 * A column to compare people by. `name` and `text` are compared by likeness, `digits` (numbers, dates as YYYYMMDD,
 * identifiers) by typing errors. `swapsWith` names the column it is at times exchanged with.
 */
export type MatchField = { name: string; kind: "name" | "text" | "digits"; swapsWith?: string };

/** How two values agree. `missing` is no evidence either way. */
export const LEVELS = ["differs", "alike", "close", "same", "swapped"] as const;
export const MISSING = -1;
export const SAME = 3;
const SWAPPED = 4;
/** From these likenesses words are `alike`, `close`. */
const ALIKE = 0.82;
const CLOSE = 0.92;

/** Values in the order of the fields, as `cleanValue` leaves them; "" is missing. */
export type CleanRecord = readonly string[];

export function cleanValue(value: string): string {
  return value.trim().toLowerCase().replace(/\s+/g, " ");
}

/** The level of agreement of each field (an index of `LEVELS`, or `MISSING`). */
export function compareRecords(
  a: CleanRecord,
  b: CleanRecord,
  fields: readonly MatchField[],
  partners: readonly number[],
): Int8Array {
  const levels = new Int8Array(fields.length);
  for (let i = 0; i < fields.length; i++) {
    const left = a[i] ?? "";
    const right = b[i] ?? "";
    const partner = partners[i] ?? -1;
    // An exchange is one fact: the first of the two columns tells it, the second is silent.
    if (isSwapped(a, b, i, partner)) levels[i] = i < partner ? SWAPPED : MISSING;
    else levels[i] = levelOf(left, right, fields[i]?.kind ?? "text");
  }
  return levels;
}

/** For each field the position of the one it swaps with, or -1. */
export function partnersOf(fields: readonly MatchField[]): number[] {
  return fields.map(({ swapsWith }) => fields.findIndex(({ name }) => name === swapsWith));
}

function isSwapped(a: CleanRecord, b: CleanRecord, field: number, partner: number): boolean {
  if (partner < 0 || a[field] === b[field]) return false;
  const [left = "", right = "", leftPartner = "", rightPartner = ""] = [a[field], b[field], a[partner], b[partner]];
  const oneWay = left !== "" && left === rightPartner;
  const otherWay = right !== "" && right === leftPartner;
  // One of the two exchanged values may be lost or mistyped, but it must not speak against the other.
  return (oneWay && isNotAgainst(right, leftPartner)) || (otherWay && isNotAgainst(left, rightPartner));
}

function isNotAgainst(left: string, right: string): boolean {
  return left === "" || right === "" || jaroWinkler(left, right) >= ALIKE;
}

function levelOf(left: string, right: string, kind: MatchField["kind"]): number {
  if (left === "" || right === "") return MISSING;
  if (left === right) return SAME;
  if (kind === "digits") return levelOfDigits(left, right);
  const likeness = kind === "name" ? jaroWinkler(left, right) : likenessOfText(left, right);
  return likeness >= CLOSE ? 2 : likeness >= ALIKE ? 1 : 0;
}

function levelOfDigits(left: string, right: string): number {
  if (isDayForMonth(left, right)) return 2;
  if (Math.abs(left.length - right.length) > 2) return 0;
  const distance = editDistance(left, right);
  return distance === 1 ? 2 : distance === 2 && left.length > 3 ? 1 : 0;
}

/** 19080912 and 19081209: day and month exchanged. */
function isDayForMonth(left: string, right: string): boolean {
  return left.length === 8 && right === left.slice(0, 4) + left.slice(6, 8) + left.slice(4, 6);
}

/** Blanks come and go in addresses, and words change places. */
function likenessOfText(left: string, right: string): number {
  const whole = jaroWinkler(left.replaceAll(" ", ""), right.replaceAll(" ", ""));
  if (whole >= CLOSE || !(left.includes(" ") && right.includes(" "))) return whole;
  return Math.max(whole, jaroWinkler(wordsInOrder(left), wordsInOrder(right)));
}

function wordsInOrder(text: string): string {
  return text.split(" ").sort().join("");
}
