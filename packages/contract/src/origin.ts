import { type Static, Type } from "typebox";

/**
 * Who said a thing, from what is believed most to what is believed least. Every event has one, given by the door it came in
 * by and never by what it says of itself; `docs/security.md` tells what each may do.
 */
export const ORIGINS = [
  /** The hub itself: decisions, timers, what became of its messages. */
  "hub",
  /** A member of staff, signed in. */
  "staff",
  /** A program of the company, by a secret key; imports. */
  "server",
  /** A provider's signed receipt or webhook. */
  "provider",
  /** A customer whose reply is proven: by the sealed token of the message answered, or by an authenticated sender. */
  "person",
  /** A reply that nothing proves. */
  "claimed-person",
  /** A page or an app with a key that everybody can read. */
  "browser",
] as const;

export const Origin = Type.Enum(ORIGINS);
export type Origin = Static<typeof Origin>;

/** Larger is believed more. */
export const rankOf = (origin: Origin): number => ORIGINS.length - ORIGINS.indexOf(origin);

/** Whether `origin` is believed at least as much as `least`. */
export const isAtLeast = (origin: Origin, least: Origin): boolean => rankOf(origin) >= rankOf(least);

/** From whom policies, timers, features and rules hear when they do not say: whoever has proven who he is. */
export const PROVEN: readonly Origin[] = ORIGINS.filter((origin) => isAtLeast(origin, "person"));

/** Origins as a pack names them. */
export const Origins = Type.Array(Origin, { minItems: 1, uniqueItems: true });
export type Origins = Static<typeof Origins>;

/** Whose replies may accept an offer, where an action says so: others do not reply. */
export const Repliers = Type.Array(Type.Union([Type.Literal("person"), Type.Literal("claimed-person")]), {
  minItems: 1,
  uniqueItems: true,
});
export type Repliers = Static<typeof Repliers>;

type Said = { origin: Origin; causedBy?: Origin };

/** Whether a rule that names these origins hears an event: whoever said it must be among them, and whatever caused it. */
export const hears = (from: readonly Origin[], { origin, causedBy }: Said): boolean =>
  from.includes(origin) && (causedBy === undefined || from.includes(causedBy));

/** What the hub's own deeds because of an event carry on: its origin where that proves nothing, and nothing otherwise. */
export function causeOf({ origin, causedBy }: Said): { causedBy?: Origin } {
  const least = causedBy ?? origin;
  return PROVEN.includes(least) ? {} : { causedBy: least };
}

/**
 * The time from which an event counts, epoch ms: when it happened, as the company and its providers say it; of all others, when
 * the hub heard it, since they may state any time.
 */
export const countsFrom = ({ origin, at, receivedAt }: { origin: Origin; at: number; receivedAt: number }): number =>
  isAtLeast(origin, "provider") ? at : receivedAt;
