/**
 * Names of events that the hub makes itself. Nobody outside can say them: a call that tries is refused by name. The names of a
 * pack's timers are the hub's too, and are heard from it alone.
 */
const HUB_EVENTS: ReadonlySet<string> = new Set([
  ...["consent", "offer declined", "reply", "reply flagged", "trait.confirmed", "identity.apart"],
  ...["decision.act", "decision.nothing"],
  ...[
    ...["planned", "queued", "sending", "sent", "delivered", "seen", "clicked", "answered", "failed", "bounced"],
    ...["complained", "suppressed", "expired", "released", "household"],
  ].map((status) => `message.${status}`),
]);

/** Whole families are the hub's: whatever it adds to them was nobody else's before. */
const HUB_FAMILIES = /^(message|decision)\./;

/**
 * Whether a name from outside is one of the hub's, or reads like one. A page's name is not of our families only because it
 * begins like them: `message.html` is a page.
 */
export function isHubEvent(name: string, of: "event" | "page" = "event"): boolean {
  const read = asRead(name);
  return HUB_EVENTS.has(read) || (of === "event" && HUB_FAMILIES.test(read));
}

/** One form for names that read the same: compatible characters (NFKC), none that is not shown, any case, blanks as one. */
const asRead = (name: string): string =>
  name.normalize("NFKC").replace(UNSEEN, "").replace(/\s+/g, " ").trim().toLowerCase();

/** Controls, format characters and fillers, but for blanks; U+FEFF counts as a blank and has no width. */
const UNSEEN = /\ufeff|(?!\s)[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;
