import type { Role, Staff, StaffList } from "@rapport/contract/api";
import { useInfiniteQuery } from "@tanstack/react-query";

import { ask, queryOf } from "../hub/ask.ts";
import { type Pages, type Shown, shownPages } from "../hub/shown.ts";
import { useDeed } from "../ui/use-deed.ts";

const COLLEAGUES = ["colleagues"];

export type Invitation = { email: string; name: string; role: Role };
type Invited = { staff: Staff; token: string };

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

export const useInvite = () =>
  useDeed((body: Invitation) => ask<Invited>("/api/staff", { method: "POST", body }), COLLEAGUES);
export const useChangeRole = () =>
  useDeed(
    ({ staffId, role }: { staffId: string; role: Role }) =>
      ask(`/api/staff/${staffId}`, { method: "PATCH", body: { role } }),
    COLLEAGUES,
  );
