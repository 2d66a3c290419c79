import type { Claim, Event } from "@rapport/contract/event";
import { countsFrom } from "@rapport/contract/origin";
import { countryNamed } from "@rapport/engine/contact/index";
import { CUSTOMER_KIND, type IdentityPolicy, normaliseClaim } from "@rapport/engine/identity/index";

import { APART, type DeadLetter, type Frame } from "../ingest/index.ts";
import { HOUSEKEEPING, type InboxItem } from "../partition/index.ts";
import type { Sql } from "../platform/database.ts";
import type { IdentityBook, Placement } from "./identity-book.ts";
import { letterOf, type Read } from "./read-batches.ts";

/** What a customer's partition is given to do, and how urgently. */
export type Item = { lane: number; item: InboxItem };

/** Finds each event's customer, but for those aside, whose customers cost too much work at once. What a change of holders means for others comes before the event that made it. */
export async function placeEvents(
  tx: Sql,
  { book, policy }: { book: IdentityBook; policy: IdentityPolicy },
  read: Read[],
): Promise<{ items: Item[]; letters: DeadLetter[]; aside: Read[] }> {
  const nobodys = new Map<Frame, Event[]>();
  const known = read.flatMap((one) => {
    const claims = normalised(one.event.claims, inCountryOf(one.event, policy));
    if (claims.length > 0) return [{ ...one, claims }];
    const others = nobodys.get(one.frame);
    if (others) others.push(one.event);
    else nobodys.set(one.frame, [one.event]);
    return [];
  });
  const letters = [...nobodys].map(([frame, events]) => letterOfNobodys(frame, events));
  await book.readAhead(
    tx,
    known.map((one) => (isApart(one.event) ? apartClaims(one.event) : one.claims)),
  );
  const aside: Read[] = [];
  const items = known.flatMap((one) => {
    const claims = linkable(book, one);
    const placement = isApart(one.event)
      ? setApart(book, one.event)
      : book.place(claims, countsFrom(one.event), one.stated);
    if (placement === null) {
      aside.push(one);
      return [];
    }
    const event = withClaims(one.event, claims, policy);
    const item: InboxItem = { kind: "event", customerId: placement.customerId, event };
    return [...movesOf(placement), { lane: one.frame.lane, item }];
  });
  return { items, letters, aside };
}

/** A colleague's word joins no two customers: of what is said of one, another's identifiers do not count. */
function linkable(book: IdentityBook, { event, claims }: Pick<Read, "event"> & { claims: Claim[] }): Claim[] {
  const own = event.origin === "staff" ? claims.find(({ kind }) => kind === CUSTOMER_KIND) : undefined;
  return own ? claims.filter((claim) => !book.isAnothers(claim, own)) : claims;
}

function setApart(book: IdentityBook, event: Event): Placement | null {
  const { from, into } = event.properties as { from: string; into: string };
  return book.setApart(from, into, countsFrom(event));
}

/** What of one request names nobody. Its ids count as seen: tried again, it would vanish. */
function letterOfNobodys(frame: Frame, events: Event[]): DeadLetter {
  const kinds = [...new Set(events.flatMap(({ claims }) => claims.map(({ kind }) => kind)))].slice(0, 5);
  const reason = `claims: none of the identifiers identifies anybody: ${kinds.join(", ")}`;
  if (events.length === 1) return { ...letterOf(frame, reason, events[0]), frame: null };
  return { ...letterOf(frame, `${events.length} calls: ${reason}`, events), frame: null };
}

function normalised(claims: Claim[], policy: IdentityPolicy): Claim[] {
  const kept = new Map<string, Claim>();
  for (const claim of claims) {
    const normal = normaliseClaim(claim, policy);
    if (normal) kept.set(`${normal.kind}:${normal.value}`, normal);
  }
  return [...kept.values()];
}

/** A number without a country is one of the country that the event states of its customer, else of the company's. */
function inCountryOf({ traits, context }: Event, policy: IdentityPolicy): IdentityPolicy {
  const named = countryIn(traits) ?? countryIn(context?.traits);
  return named === null ? policy : { ...policy, region: countryNamed(named) };
}

function countryIn(traits: unknown): string | null {
  const { country, address } = Object(traits) as { country?: unknown; address?: unknown };
  const stated = country ?? Object(address).country;
  return typeof stated === "string" ? stated : null;
}

/** The event with its identifiers in their one form; of what was claimed without proof, too. */
function withClaims(event: Event, claims: Claim[], policy: IdentityPolicy): Event {
  if (!event.claimed) return { ...event, claims };
  return { ...event, claims, claimed: normalised(event.claimed, inCountryOf(event, policy)) };
}

/** A person's undo of a merge: said in the console, and by nobody else. */
const isApart = (event: Event): boolean => event.kind === "staff" && event.name === APART && event.origin === "staff";

const apartClaims = (event: Event): Claim[] => {
  const { from, into } = event.properties as { from: string; into: string };
  return [from, into].map((value) => ({ kind: CUSTOMER_KIND, value }));
};

/** News of a change of holders goes to the customer who lost identifiers, behind everything already on its way there. */
const movesOf = (placement: Placement): Item[] =>
  placement.losers.map((customerId) => ({ lane: HOUSEKEEPING, item: { kind: "reassign", customerId } }));
