import type { Event } from "@rapport/contract/event";

import { later } from "./later.ts";
import type { Profile } from "./profile.ts";
import { ownOf } from "../own-of.ts";
import { textOf } from "./text-of.ts";
import { UNSAFE } from "./unsafe-names.ts";

/** News of a complaint or a ticket, in whatever case it is written. */
const MEANS: ReadonlyMap<string, "open" | "closed"> = new Map([
  ["complaint opened", "open"],
  ["complaint reopened", "open"],
  ["complaint closed", "closed"],
  ["complaint resolved", "closed"],
  ["ticket opened", "open"],
  ["ticket reopened", "open"],
  ["ticket closed", "closed"],
  ["ticket resolved", "closed"],
]);

/** Complaints that are kept of one customer: those with the newest news. */
const MOST_COMPLAINTS = 300;
/** News older than this before the newest says nothing any more: a ticket nobody closed does not silence us for ever. */
export const COMPLAINT_MS = 180 * 86_400_000;

/** The last word on each complaint, by its number; those without one are taken as one and the same. */
export function foldComplaint(profile: Profile, event: Event): void {
  const value = MEANS.get(event.name.toLowerCase());
  if (!value) return;
  const { complaintId, ticketId, id } = (event.properties ?? {}) as Record<string, unknown>;
  const number = textOf(complaintId ?? ticketId ?? id ?? "").slice(0, 100);
  if (UNSAFE.has(number)) return;
  profile.complaints[number] = later(ownOf(profile.complaints, number), { value, at: event.at, by: event.id });
  const newestFirst = Object.entries(profile.complaints).sort(([, a], [, b]) => b.at - a.at || (a.by < b.by ? -1 : 1));
  const newest = newestFirst[0]?.[1].at ?? 0;
  for (const [rank, [one, { at }]] of newestFirst.entries()) {
    if (at < newest - COMPLAINT_MS || rank >= MOST_COMPLAINTS) delete profile.complaints[one];
  }
}
