/** What is nested deeper is an attack or an accident: reading and writing JSON is recursive, here and in the database. */
export const MOST_DEEP = 64;

/** Whether lists and objects stand within each other more than `most` deep. Gives up as soon as it knows. */
export function isTooDeep(value: unknown, most = MOST_DEEP): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (most === 0) return true;
  for (const name in value) if (isTooDeep((value as Record<string, unknown>)[name], most - 1)) return true;
  return false;
}
