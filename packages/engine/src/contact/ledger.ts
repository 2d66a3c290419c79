import type { Contact, ContactChannel, Purpose } from "../profile/profile.ts";
import type { Cap } from "./contact-policy.ts";
import { NEVER } from "./zone.ts";

/** Does this entry spend from this cap? A released one spends nothing. */
function spends(entry: Contact, cap: Omit<Cap, "name">): boolean {
  return entry.state !== "released" && covers(cap, entry.channel, entry.purpose);
}

/** Does the cap speak of this channel and purpose? */
export function covers(cap: Omit<Cap, "name">, channel: ContactChannel, purpose: Purpose): boolean {
  return (
    (cap.channels === null || cap.channels.includes(channel)) &&
    (cap.purposes === null || cap.purposes.includes(purpose))
  );
}

/**
 * The earliest moment ≥ `at` when one more contact keeps the cap in *every* window `[t, t + windowMs)`, those that hold
 * contacts planned for later included. `NEVER` when the limit is below one.
 */
export function nextWithinCap(entries: readonly Contact[], cap: Omit<Cap, "name">, at: number): number {
  if (cap.limit < 1) return NEVER;
  const times: number[] = [];
  for (const entry of entries) {
    if (entry.at > at - cap.windowMs && spends(entry, cap)) times.push(entry.at);
  }
  if (times.length < cap.limit) return at;
  times.sort((a, b) => a - b);

  // The cap can only come free when an entry leaves the window, so those are the only moments to try.
  let candidate = at;
  for (let index = 0; !fits(times, candidate, cap); index++) {
    const leaving = times[index];
    if (leaving === undefined) return candidate;
    candidate = Math.max(candidate, leaving + cap.windowMs);
  }
  return candidate;
}

/** Would a contact at `at` keep the cap? Looks at every window that begins at an entry, or at `at`, and holds `at`. */
function fits(times: readonly number[], at: number, { limit, windowMs }: Omit<Cap, "name">): boolean {
  return [...times, at].every((from) => {
    if (from > at || from <= at - windowMs) return true;
    const held = times.filter((time) => time >= from && time < from + windowMs).length;
    return held < limit;
  });
}

/** Puts a planned contact on the ledger; one message is on it once, whatever is repeated. */
export function reserve(ledger: readonly Contact[], contact: Omit<Contact, "state">): Contact[] {
  if (ledger.some((entry) => entry.messageId === contact.messageId)) return [...ledger];
  return [...ledger, { ...contact, state: "reserved" }];
}

/** The message was handed off at `at`. What was released cannot come back: its budget may be spent already. */
export function commit(ledger: readonly Contact[], messageId: string, at: number): Contact[] {
  return ledger.map((entry) =>
    entry.messageId === messageId && entry.state === "reserved" ? { ...entry, at, state: "committed" } : entry,
  );
}

/** The message will not be sent: its place is free again. What was handed off stays spent. */
export function release(ledger: readonly Contact[], messageId: string): Contact[] {
  return ledger.map((entry) =>
    entry.messageId === messageId && entry.state === "reserved" ? { ...entry, state: "released" } : entry,
  );
}

/** Drops entries before `before`: no window reaches them any more. */
export function forgetBefore(ledger: readonly Contact[], before: number): Contact[] {
  return ledger.filter((entry) => entry.at >= before);
}
