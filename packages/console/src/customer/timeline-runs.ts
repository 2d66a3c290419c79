import type { Event } from "@rapport/contract/event";

/** One line of the timeline: an event, and those right before it that were the same deed again. */
export type Run = { event: Event; alike: Event[] };

/** Joins what repeats (a day's usage, say), so that a message is not lost among it. Only deeds, and only within a day. */
export function runsOf(events: readonly Event[], dayOf: (at: number) => string): Run[] {
  const runs: Run[] = [];
  for (const event of events) {
    const last = runs.at(-1);
    if (last && isAlike(last.event, event) && dayOf(last.event.at) === dayOf(event.at)) last.alike.push(event);
    else runs.push({ event, alike: [] });
  }
  return runs;
}

const isAlike = (a: Event, b: Event): boolean =>
  a.kind === "track" && b.kind === "track" && a.name === b.name && a.origin === b.origin;
