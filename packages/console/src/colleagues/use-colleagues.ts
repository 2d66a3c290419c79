import type { Role, Staff } from "@rapport/contract/api";
import { useQuery } from "@tanstack/react-query";

import { ask } from "../hub/ask.ts";
import { type Shown, shownOf } from "../hub/shown.ts";
import { useDeed } from "../ui/use-deed.ts";

const COLLEAGUES = ["colleagues"];

export type Invitation = { email: string; name: string; role: Role };
type Invited = { staff: Staff; token: string };

/** Who may sign in. */
export function useColleagues(): Shown<{ staff: Staff[] }> {
  const query = useQuery({
    queryKey: COLLEAGUES,
    queryFn: ({ signal }) => ask<{ staff: Staff[] }>("/api/staff", { signal }),
  });
  return shownOf(query, (list) => list);
}

export const useInvite = () =>
  useDeed((body: Invitation) => ask<Invited>("/api/staff", { method: "POST", body }), COLLEAGUES);
export const useChangeRole = () =>
  useDeed(
    ({ staffId, role }: { staffId: string; role: Role }) =>
      ask(`/api/staff/${staffId}`, { method: "PATCH", body: { role } }),
    COLLEAGUES,
  );
