import type { Invited, NewColleague, Role, SessionList, StaffList } from "@rapport/contract/api";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";

import { ask, queryOf } from "../hub/ask.ts";
import { type Pages, type Shown, shownOf, shownPages } from "../hub/shown.ts";
import { useDeed } from "../ui/use-deed.ts";

const COLLEAGUES = ["colleagues"];

/** Who may sign in, by name. */
export function useColleagues(): Shown<Pages<StaffList>> {
  return shownPages(
    useInfiniteQuery({
      queryKey: COLLEAGUES,
      queryFn: ({ pageParam, signal }) => ask<StaffList>(`/api/staff${queryOf({ cursor: pageParam })}`, { signal }),
      initialPageParam: "",
      getNextPageParam: ({ cursor }) => cursor,
    }),
  );
}

/** Where a colleague is signed in. */
export function useSessionsOf(staffId: string): Shown<SessionList> {
  const query = useQuery({
    queryKey: [...COLLEAGUES, staffId, "sessions"],
    queryFn: ({ signal }) => ask<SessionList>(`/api/staff/${staffId}/sessions`, { signal }),
  });
  return shownOf(query, (list) => list);
}

export const useInvite = () =>
  useDeed((body: NewColleague) => ask<Invited>("/api/staff", { method: "POST", body }), COLLEAGUES);
export const useInviteAgain = () =>
  useDeed((staffId: string) => ask<Invited>(`/api/staff/${staffId}/invitation`, { method: "POST" }), COLLEAGUES);
export const useChangeRole = () =>
  useDeed(
    ({ staffId, role }: { staffId: string; role: Role }) =>
      ask(`/api/staff/${staffId}`, { method: "PATCH", body: { role } }),
    COLLEAGUES,
  );
export const useRule = () =>
  useDeed((required: boolean) => ask("/api/second-factor", { method: "PATCH", body: { required } }), COLLEAGUES);
export const useEndSessionOf = (staffId: string) =>
  useDeed((sessionId: string) => ask(`/api/staff/${staffId}/sessions/${sessionId}`, { method: "DELETE" }), COLLEAGUES);

/** What an administrator does to a colleague with one word. */
export type Doing = "block" | "unblock" | "signOut" | "reset";
const CALLS: Record<Doing, { method: "POST" | "DELETE"; path: string }> = {
  block: { method: "POST", path: "block" },
  unblock: { method: "POST", path: "unblock" },
  signOut: { method: "DELETE", path: "sessions" },
  reset: { method: "DELETE", path: "second-factor" },
};
export const useDoing = () =>
  useDeed(({ staffId, doing }: { staffId: string; doing: Doing }) => {
    const { method, path } = CALLS[doing];
    return ask(`/api/staff/${staffId}/${path}`, { method });
  }, COLLEAGUES);
