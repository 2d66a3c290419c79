import type { Event } from "@rapport/contract/event";

/** An event as it was kept before events said who spoke: then only the company's own programs and people were believed. */
type Kept = Omit<Event, "origin"> & Partial<Pick<Event, "origin">>;

/** The event with its origin: as kept, or as it can be told of one from before. */
export function withOrigin(kept: Kept): Event {
  if (kept.origin !== undefined) return kept as Event;
  const { kind, source } = kept;
  if (source === "hub") return { ...kept, origin: "hub" };
  if (source === "console") return { ...kept, origin: "staff" };
  if (kind === "message") return { ...kept, origin: "provider" };
  return { ...kept, origin: kind === "reply" || kind === "consent" ? "person" : "server" };
}
