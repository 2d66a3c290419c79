import { homeZone, mayContact, nextAllowedAt, timeOfDayMs, type Touch } from "../contact/index.ts";
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

  // What must be sent is expected now: it waits for nothing but permission.
  const later = mustSend ? [] : betterHours(touch, given, first.at, policy.maxDelayMs);
  const times = [first.at, ...later];
  return { kind: "open", channel, slots: times.map((at) => slotAt(policy, given, channel, at)) };
}

/** A chance that is better by less than this is no reason to wait: what is learned of hours is no finer. */
const WORTH_WAITING = 0.02;

/** The starts of later local hours, each better than every one before it: a later hour that is no better only loses. */
function betterHours(touch: Touch, { zone, reach }: Given, first: number, maxDelayMs: number): number[] {
  const chances = reach[touch.channel];
  if (chances === undefined || typeof chances === "number") return [];
  const home = homeZone(zone);
  const hourOf = (at: number) => Math.floor(timeOfDayMs(home, at) / HOUR_MS);

  const better: number[] = [];
  let best = chanceAt(chances, hourOf(first));
  const start = first + HOUR_MS - (timeOfDayMs(home, first) % HOUR_MS);
  const until = Math.min(first + 24 * HOUR_MS, touch.at + maxDelayMs);
  for (let at = start; at <= until; at += HOUR_MS) {
    const chance = chanceAt(chances, hourOf(at));
    if (chance < best + WORTH_WAITING || mayContact({ ...touch, at }).kind !== "ok") continue;
    better.push(at);
    best = chance;
  }
  return better;
}

const chanceAt = (chances: number | readonly number[], hour: number): number =>
  typeof chances === "number" ? chances : (chances[hour] ?? 0);

function slotAt(policy: Policy, given: Given, channel: ContactChannel, at: number): Slot {
  const terms = policy.channels.get(channel) ?? { cost: 0, annoyance: 1 };
  const reach = chanceAt(given.reach[channel] ?? 1, Math.floor(timeOfDayMs(homeZone(given.zone), at) / HOUR_MS));
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
