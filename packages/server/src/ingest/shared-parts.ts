import { CALL_BYTES } from "./body-of.ts";
import { isTooDeep, MOST_DEEP } from "./nesting.ts";

/** What a batch says once for all of its calls. */
export type SharedParts = { context?: unknown; integrations?: unknown };

/**
 * A batch's calls with what they share, all written out, may be so large: a request of half a megabyte must not become
 * hundreds. SDKs share a few kilobytes among some hundred calls.
 */
const MOST_WRITTEN_OUT = 4_096_000;

/** What is wrong with what a batch of so many calls shares, and in which field; null when nothing is. */
export function sharedFault(
  { context, integrations }: SharedParts,
  calls: number,
): { field: string; reason: string } | null {
  for (const [field, value] of Object.entries({ context, integrations })) {
    if (value === undefined || value === null) continue;
    if (typeof value !== "object" || Array.isArray(value)) return { field, reason: "must be an object" };
    if (isTooDeep(value)) return { field, reason: `must not be nested more than ${MOST_DEEP} deep` };
  }
  const bytes = sharedBytes({ context, integrations });
  if (bytes > CALL_BYTES) return { field: "context", reason: `must be at most ${CALL_BYTES} bytes, as a call's own` };
  if (bytes * calls > MOST_WRITTEN_OUT)
    return { field: "context", reason: `is too large for ${calls} calls: ${MOST_WRITTEN_OUT} bytes together` };
  return null;
}

export const sharedBytes = ({ context, integrations }: SharedParts): number =>
  context || integrations ? JSON.stringify([context, integrations]).length : 0;
