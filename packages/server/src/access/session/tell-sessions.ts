import type { SessionList } from "@rapport/contract/api";

import type { SessionRow } from "./store.ts";

/** Sessions as their colleague, or an administrator, sees them. */
export const tellSessions = (rows: readonly SessionRow[], thisOne: string | null): SessionList => ({
  sessions: rows.map(({ sessionId, createdAt, lastSeenAt, address, browser }) => ({
    sessionId,
    createdAt: createdAt.getTime(),
    lastSeenAt: lastSeenAt?.getTime() ?? null,
    address,
    browser,
    isThis: sessionId === thisOne,
  })),
});
