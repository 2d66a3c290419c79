import type { Event } from "@rapport/contract/event";
import { causeOf, countsFrom, isAtLeast, type Origin } from "@rapport/contract/origin";

import { isHeard } from "./is-heard.ts";
import type { Model } from "./model.ts";
import type { Reaction, SetTimer, TimerNews } from "./reaction.ts";

/** Sets and ends the timers that an event is heard by, once it has been folded into the profile. */
export function setTimers({ timers, profile }: Reaction, event: Event, model: Model): void {
  for (const { name, on, until, from, afterMs } of model.timers) {
    if (!until.includes(event.name) && !on.includes(event.name)) continue;
    if (!isHeard(from, event, profile, model)) continue;
    const dueAt = countsFrom(event) + afterMs;
    if (until.includes(event.name)) timers.set(name, { ended: true, set: null });
    else timers.set(name, moved(timers.get(name), { dueAt, causedBy: causeOf(event).causedBy ?? null }));
  }
}

/** A timer that is set again is moved, but not by what is believed less than what set it going. */
function moved({ ended, set }: TimerNews = { ended: false, set: null }, again: SetTimer): TimerNews {
  return { ended, set: set && isLess(again.causedBy, set.causedBy) ? set : again };
}

/** Null stands for whatever is proven. */
const isLess = (one: Origin | null, other: Origin | null): boolean =>
  one !== null && (other === null || !isAtLeast(one, other));
