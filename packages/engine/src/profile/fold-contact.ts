import type { Event } from "@rapport/contract/event";

import { LEDGER_MS } from "./ledger-time.ts";
import { ownOf } from "../own-of.ts";
import type { Contact, ContactChannel, Profile, Purpose } from "./profile.ts";

const LEDGER_STATE: Record<string, Contact["state"]> = {
  planned: "reserved",
  sent: "committed",
  failed: "released",
  suppressed: "released",
  expired: "released",
};

/**
 * Reserve when planned, commit when handed off, release when not sent after all; one contact a message, at the time of the
 * last of these. What happens to the message afterwards (delivered, seen) spends nothing more. Each piece of news ages by
 * itself, so that it does not matter which came first.
 */
export function foldContact(profile: Profile, event: Event): void {
  const { messageId, channel, purpose, status } = (event.properties ?? {}) as Record<string, string | undefined>;
  const state = ownOf(LEDGER_STATE, status ?? "");
  if (!messageId || !state || !channel || !purpose) return;
  // A message planned for tomorrow spends tomorrow's budget.
  const { sendAt } = (event.properties ?? {}) as { sendAt?: unknown };
  const at = typeof sendAt === "number" ? sendAt : event.at;
  const known = profile.ledger.find((contact) => contact.messageId === messageId);
  const times = known?.times ?? {};
  times[state] = Math.max(times[state] ?? 0, at);
  if (!known) {
    const terms = { channel: channel as ContactChannel, purpose: purpose as Purpose };
    profile.ledger.push({ messageId, ...terms, at, state, times });
  }
  const newest = profile.ledger.reduce((latest, contact) => Math.max(latest, ...Object.values(contact.times ?? {})), 0);
  profile.ledger = profile.ledger
    .flatMap((contact) => standing(contact, newest - LEDGER_MS))
    .sort((a, b) => a.at - b.at || (a.messageId < b.messageId ? -1 : 1));
}

/** The contact by the news that has not grown old; none when all has. */
function standing(contact: Contact, oldest: number): Contact[] {
  const times: NonNullable<Contact["times"]> = {};
  let state: Contact["state"] | null = null;
  for (const each of ["reserved", "released", "committed"] as const) {
    const at = contact.times?.[each];
    if (at === undefined || at < oldest) continue;
    times[each] = at;
    state = each;
  }
  return state === null ? [] : [{ ...contact, state, at: Math.max(...Object.values(times)), times }];
}

/** What somebody else of the household was sent, heard as an event of its own; one contact a message. */
export function foldHousehold(profile: Profile, event: Event): void {
  if (event.name !== "message.household") return;
  const { messageId, household, channel, purpose } = (event.properties ?? {}) as Record<string, string | undefined>;
  if (!messageId || !household || !channel || !purpose) return;
  const terms = { channel: channel as ContactChannel, purpose: purpose as Purpose };
  const known = profile.household.find((contact) => contact.messageId === messageId);
  if (known) known.at = Math.max(known.at, event.at);
  else profile.household.push({ messageId, household, ...terms, at: event.at, state: "committed" });
  const newest = profile.household.reduce((latest, contact) => Math.max(latest, contact.at), 0);
  profile.household = profile.household
    .filter((contact) => contact.at >= newest - LEDGER_MS)
    .sort((a, b) => a.at - b.at || (a.messageId < b.messageId ? -1 : 1));
}
