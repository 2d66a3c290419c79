/**
 * Names of events that the hub makes itself. Nobody outside can say them: a call that tries is refused by name. The names of a
 * pack's timers are the hub's too, and are heard from it alone.
 */
export const HUB_EVENTS: ReadonlySet<string> = new Set([
  "identity.apart",
  "trait.confirmed",
  "reply",
  "reply flagged",
  "offer declined",
  "decision.act",
  "decision.nothing",
  ...[
    ...["planned", "queued", "sending", "sent", "delivered", "seen", "clicked", "answered", "failed", "bounced"],
    ...["complained", "suppressed", "expired", "released", "household"],
  ].map((status) => `message.${status}`),
]);

/** Whether a name from outside is one of the hub's, however its letters are written. */
export const isHubEvent = (name: string): boolean => HUB_EVENTS.has(name.trim().toLowerCase());
