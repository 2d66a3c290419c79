import { COMPLAINT_MS } from "../profile/fold-complaint.ts";
import type { Profile } from "../profile/profile.ts";

export type OpenComplaint = { number: string; since: number };

/** The complaints and tickets that are open at `now`, the oldest first; one that nobody has closed for half a year is not. */
export function openComplaints({ complaints }: Pick<Profile, "complaints">, now: number): OpenComplaint[] {
  return Object.entries(complaints)
    .filter(([, { value, at }]) => value === "open" && at >= now - COMPLAINT_MS)
    .map(([number, { at }]) => ({ number, since: at }))
    .sort((a, b) => a.since - b.since || (a.number < b.number ? -1 : 1));
}
