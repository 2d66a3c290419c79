/** How many values by name a profile keeps, and how long one may be, in characters of JSON. */
export type Bounds = { names: number; nameLength: number; valueLength: number };

/** What the company says of a customer. */
export const TRAITS: Bounds = { names: 256, nameLength: 255, valueLength: 4_096 };
/** What a browser says of its visitor. */
export const CLAIMED_TRAITS: Bounds = { names: 32, nameLength: 100, valueLength: 1_024 };
/** Who a visitor has said to be. */
export const MOST_CLAIMED_IDENTIFIERS = 20;

/** The traits that the hub itself reads: they are kept whatever else is stated. */
const FIRST: ReadonlySet<string> = new Set(
  "address country email firstName household language lastName locale name phone plan preferredChannel timezone".split(
    " ",
  ),
);

/**
 * Drops names beyond the bound, in place: those that the hub reads stay, then the first by name. Which stay depends on the names
 * alone, so the order in which they were stated cannot matter.
 */
export function keepBounded<T>(named: Record<string, T>, most: number): void {
  const names = Object.keys(named);
  if (names.length <= most) return;
  names.sort((a, b) => Number(FIRST.has(b)) - Number(FIRST.has(a)) || (a < b ? -1 : 1));
  for (const name of names.slice(most)) delete named[name];
}

/** Which of these traits is beyond the bounds, and how; null when all are within them. */
export function traitFault(traits: Record<string, unknown>, { names, nameLength, valueLength }: Bounds): string | null {
  const entries = Object.entries(traits);
  if (entries.length > names) return `at most ${names} traits`;
  for (const [name, value] of entries) {
    if (name.length > nameLength) return `the name "${name.slice(0, 40)}…" is longer than ${nameLength} characters`;
    if ((JSON.stringify(value)?.length ?? 0) > valueLength)
      return `${name} is longer than ${valueLength} characters of JSON`;
  }
  return null;
}
