import type { Role, Session } from "@rapport/contract/api";
import { queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";

import { ask } from "./ask.ts";
import { HubProblem } from "./problem.ts";

/** Who is signed in; null when nobody is. */
export const sessionQuery = queryOptions({
  queryKey: ["session"],
  staleTime: Number.POSITIVE_INFINITY,
  retry: false,
  queryFn: async (): Promise<Session | null> => {
    try {
      return await ask<Session>("/api/session");
    } catch (fault) {
      if (fault instanceof HubProblem && fault.problem.status === 401) return null;
      throw fault;
    }
  },
});

const RANK: Record<Role, number> = { viewer: 0, agent: 1, manager: 2, admin: 3 };

/** The session of a screen behind the gate, where there always is one. */
export function useSession() {
  const { data } = useQuery(sessionQuery);
  const client = useQueryClient();
  const role = data?.staff.role ?? "viewer";
  return {
    session: data ?? null,
    /** The server decides; this only spares people buttons that would refuse them. */
    may: (needed: Role) => RANK[role] >= RANK[needed],
    signOut: async () => {
      await ask("/api/session", { method: "DELETE" });
      client.setQueryData(sessionQuery.queryKey, null);
      // Whoever signs in next on this screen sees nothing of what the last one saw.
      client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== sessionQuery.queryKey[0] });
    },
  };
}
