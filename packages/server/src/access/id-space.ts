import { createHash } from "node:crypto";

import type { KeyRow } from "./store.ts";

/**
 * The name of the space that a write key's message ids stand in: its own, or its group's. A browser's key is never in the
 * space of a server's, whatever group it names, so that nobody who reads it can take the company's ids first.
 */
export function idSpaceOf({ apiKeyId, origin, idGroup }: Pick<KeyRow, "apiKeyId" | "origin" | "idGroup">): string {
  const space = JSON.stringify([origin, idGroup === null ? "key" : "group", idGroup ?? apiKeyId]);
  return createHash("sha256").update(space).digest("hex").slice(0, 10);
}
