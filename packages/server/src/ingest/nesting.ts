/** What is nested deeper is an attack or an accident: writing JSON is recursive, here and in the database. */
export const MOST_DEEP = 64;
/** The same of a whole request, with what stands around the values of its calls. */
export const DEEPEST = 100;

/** How deep the arrays and objects of a JSON text stand in each other. Exact for a text that is JSON. */
export function nestingOf(json: Uint8Array): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let at = 0; at < json.length; at++) {
    const byte = json[at];
    if (inString) {
      if (byte === 0x5c) at += 1;
      else if (byte === 0x22) inString = false;
    } else if (byte === 0x22) inString = true;
    else if (byte === 0x5b || byte === 0x7b) deepest = Math.max(deepest, ++depth);
    else if (byte === 0x5d || byte === 0x7d) depth -= 1;
  }
  return deepest;
}

/** Whether lists and objects stand within each other more than `most` deep. Gives up as soon as it knows. */
export function isTooDeep(value: unknown, most = MOST_DEEP): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (most === 0) return true;
  for (const name in value) if (isTooDeep((value as Record<string, unknown>)[name], most - 1)) return true;
  return false;
}
