import type { Claim } from "@rapport/contract/event";

/** RudderStack's names for what Segment has fields for; other types are identifiers of their own name. */
const KINDS: Record<string, string> = { userId: "user_id", anonymousId: "anonymous_id" };

/**
 * The two identifiers that a RudderStack `merge` says belong to one person: `mergeProperties: [{ type, value }, …]`,
 * exactly two. Null for other calls, and for a merge that is not so.
 */
export function mergedIds({ mergeProperties }: Record<string, unknown>): Claim[] | null {
  if (!Array.isArray(mergeProperties) || mergeProperties.length !== 2) return null;
  const claims = mergeProperties.flatMap((stated): Claim[] => {
    const { type, value } = (stated ?? {}) as { type?: unknown; value?: unknown };
    const id = typeof value === "number" && Number.isSafeInteger(value) ? String(value) : value;
    if (typeof type !== "string" || typeof id !== "string" || id === "") return [];
    const kind = Object.hasOwn(KINDS, type) ? KINDS[type] : type;
    return kind !== undefined && /^[a-z][a-z0-9_]{0,31}$/.test(kind) && kind !== "customer"
      ? [{ kind, value: id }]
      : [];
  });
  return claims.length === 2 ? claims : null;
}
