import { later } from "./later.ts";
import type { Trait } from "./profile.ts";

/** How many values by name a profile keeps; how long one may be, and about how long all together, in characters of JSON. */
export type Bounds = { names: number; nameLength: number; valueLength: number; together: number };

/** What the company says of a customer: all together as much as one call may say. */
export const TRAITS: Bounds = { names: 256, nameLength: 255, valueLength: 4_096, together: 32_768 };
/** What a browser says of its visitor. */
export const CLAIMED_TRAITS: Bounds = { names: 32, nameLength: 100, valueLength: 1_024, together: 32_768 };
/** Who a visitor has said to be. */
export const MOST_CLAIMED_IDENTIFIERS = 20;

/** Values up to this long count alike. */
const NARROW = 60;

/** The traits that the hub itself reads: they are kept whatever else is stated. */
const FIRST: ReadonlySet<string> = new Set(
  "address country email firstName household language lastName locale name phone plan preferredChannel timezone".split(
    " ",
  ),
);

const byRank = (a: string, b: string): number => Number(FIRST.has(b)) - Number(FIRST.has(a)) || (a < b ? -1 : 1);

/**
 * Drops names beyond the bound, in place: those that the hub reads stay, then the first by name. Which stay depends on the names
 * alone, so the order in which they were stated cannot matter.
 */
export function keepFirst(named: Record<string, unknown>, most: number): void {
  const names = Object.keys(named);
  if (names.length <= most) return;
  for (const name of names.sort(byRank).slice(most)) delete named[name];
}

/**
 * Drops traits beyond the bounds, in place, by the same rank: those before which too many stand, or too long ones; none that the
 * hub reads. A trait counts as long as it ever was, so that the order in which its values were stated cannot matter.
 */
export function keepBounded(traits: Record<string, Trait>, { names: most, together }: Bounds): void {
  const names = Object.keys(traits);
  if (names.length <= most && names.reduce((sum, name) => sum + lengthOf(name, traits[name]), 0) <= together) return;
  let before = 0;
  for (const [rank, name] of names.sort(byRank).entries()) {
    const length = lengthOf(name, traits[name]);
    if (!FIRST.has(name) && (rank >= most || before > together)) delete traits[name];
    before += length;
  }
}

const lengthOf = (name: string, trait: Trait | undefined): number => name.length + (trait?.widest ?? NARROW);

/** The later statement of two, and how wide either was. */
export function laterTrait(known: Trait | undefined, stated: Trait): Trait {
  const widest = Math.max(widthOf(known), widthOf(stated));
  const { value, at, by } = later(known, stated);
  return widest > NARROW ? { value, at, by, widest } : { value, at, by };
}

/** Profiles of an older version hold long values without how long they are. */
const widthOf = (trait: Trait | undefined): number =>
  trait === undefined ? 0 : Math.max(trait.widest ?? 0, charactersOf(trait.value));

const charactersOf = (value: unknown): number =>
  typeof value === "object" || typeof value === "string" ? (JSON.stringify(value)?.length ?? 0) : 0;

/** Which of these traits is beyond the bounds, and how; null when all are within them. */
export function traitFault(
  traits: Record<string, unknown>,
  { names, nameLength, valueLength }: Omit<Bounds, "together">,
): string | null {
  const entries = Object.entries(traits);
  if (entries.length > names) return `at most ${names} traits`;
  for (const [name, value] of entries) {
    if (name.length > nameLength) return `the name "${name.slice(0, 40)}…" is longer than ${nameLength} characters`;
    if ((JSON.stringify(value)?.length ?? 0) > valueLength)
      return `${name} is longer than ${valueLength} characters of JSON`;
  }
  return null;
}
