import { mayContact, nextAllowedAt, timeOfDayMs, type Touch } from "../contact/index.ts";
import type { Contact, ContactChannel, Purpose } from "../profile/profile.ts";
import type { Given, Reason } from "./decision-record.ts";
import type { Policy } from "./policy.ts";

const HOUR_MS = 3_600_000;

/** A moment at which a channel may be used, with what it costs and how likely it reaches the customer. */
export type Slot = { at: number; reach: number; cost: number; annoyance: number };
export type Slots = { channel: ContactChannel } & (
  | { kind: "open"; slots: readonly Slot[] }
  | { kind: "barred"; reason: Reason }
);

/** Answers, for a purpose and class, the moments at which each channel is open; worked out once a decision. */
export function contactSlots(policy: Policy, given: Given, now: number) {
  const known = new Map<string, Slots>();
  return (channel: ContactChannel, purpose: Purpose, mustSend: boolean): Slots => {
    const key = mustSend ? `${channel}!${purpose}` : `${channel}/${purpose}`;
    let slots = known.get(key);
    if (!slots) {
      slots = slotsOf(policy, given, now, channel, purpose, mustSend);
      known.set(key, slots);
    }
    return slots;
  };
}

function slotsOf(
  policy: Policy,
  given: Given,
  now: number,
  channel: ContactChannel,
  purpose: Purpose,
  mustSend: boolean,
): Slots {
  const { zone, household, openComplaint } = given;
  const touch: Touch = {
    profile: given,
    policy: policy.contact,
    channel,
    purpose,
    at: now,
    zone,
    mustSend,
    household,
    openComplaint,
  };
  const first = nextAllowedAt(touch);
  if (first.kind === "barred") return { kind: "barred", channel, reason: first.bar };

  const times = [first.at, ...betterHours(touch, given, first.at, policy.maxDelayMs)];
  return { kind: "open", channel, slots: times.map((at) => slotAt(policy, given, channel, at)) };
}

/** The starts of later local hours with a better chance than at `first`: the best two suffice, as later ones only lose. */
function betterHours(touch: Touch, { zone, reach }: Given, first: number, maxDelayMs: number): number[] {
  const chances = reach[touch.channel];
  if (!chances) return [];
  const home = homeZone(zone);
  const hourOf = (at: number) => Math.floor(timeOfDayMs(home, at) / HOUR_MS);
  const chanceNow = chances[hourOf(first)] ?? 0;

  const better: { at: number; chance: number }[] = [];
  const start = first + HOUR_MS - (timeOfDayMs(home, first) % HOUR_MS);
  const until = Math.min(first + 24 * HOUR_MS, touch.at + maxDelayMs);
  for (let at = start; at <= until; at += HOUR_MS) {
    const chance = chances[hourOf(at)] ?? 0;
    if (chance > chanceNow) better.push({ at, chance });
  }
  better.sort((a, b) => b.chance - a.chance || a.at - b.at);
  return better
    .filter(({ at }) => mayContact({ ...touch, at }).kind === "ok")
    .slice(0, 2)
    .map(({ at }) => at);
}

function homeZone(zone: string | readonly string[]): string {
  return typeof zone === "string" ? zone : (zone[0] ?? "UTC");
}

function slotAt(policy: Policy, given: Given, channel: ContactChannel, at: number): Slot {
  const terms = policy.channels.get(channel) ?? { cost: 0, annoyance: 1 };
  const chances = given.reach[channel];
  const reach = chances ? (chances[Math.floor(timeOfDayMs(homeZone(given.zone), at) / HOUR_MS)] ?? 0) : 1;
  const { base, recent, halfLifeMs } = policy.annoyance;
  const burden = base === 0 ? 0 : 1 + recent * recentContacts(given.ledger, at, halfLifeMs);
  return { at, reach, cost: terms.cost, annoyance: base * terms.annoyance * burden };
}

/** Contacts on the ledger, each counting half as much with every half-life between it and `at`, whichever is first. */
function recentContacts(ledger: readonly Contact[], at: number, halfLifeMs: number): number {
  let sum = 0;
  for (const entry of ledger) {
    if (entry.state !== "released") sum += 2 ** (-Math.abs(at - entry.at) / halfLifeMs);
  }
  return sum;
}
