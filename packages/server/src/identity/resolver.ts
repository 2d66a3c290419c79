import { hash } from "node:crypto";
import type { Claim, Event } from "@rapport/contract/event";
import { PROVEN } from "@rapport/contract/origin";
import { householdNamed } from "@rapport/engine/contact/index";
import { CUSTOMER_KIND, type IdentityPolicy, normaliseClaim } from "@rapport/engine/identity/index";
import type { Model } from "@rapport/engine/loop/index";

import {
  APART,
  claimIngestBatches,
  type DeadLetter,
  deleteIngestBatches,
  type Frame,
  insertDeadLetters,
  type ProofRules,
  rememberEventIds,
} from "../ingest/index.ts";
import { type InboxItem, insertInbox, toInboxRows } from "../partition/index.ts";
import type { Clock } from "../platform/clock.ts";
import { type Database, isPassing, type Sql, tentatively } from "../platform/database.ts";
import { holdsLease, type Lease } from "../platform/lease/store.ts";
import { capPeers } from "./cap-peers.ts";
import { ClaimBook } from "./claim-book.ts";
import { IdentityBook, type Placement } from "./identity-book.ts";
import { letterOf, type Read, readBatches } from "./read-batches.ts";
import { type ClaimRow, saveClaims, saveMembers } from "./store.ts";

/** Events resolved in one transaction, at most (a batch that is larger goes alone). */
const MOST_EVENTS = 4_000;

const HOUSEKEEPING = 5;

type Parts = {
  db: Database;
  clock: Clock;
  secret: string;
  policy: IdentityPolicy;
  proofRules: () => Promise<ProofRules>;
  /** What installed packs open to browsers. */
  browserEvents: () => Model["browserEvents"];
  lease: () => Lease | null;
};
type Item = { lane: number; item: InboxItem };
/** Partitions that were sent something, and what was set aside. */
type Resolved = { partitions: number[]; letters: DeadLetter[] };

export type Resolver = {
  /** Resolves one batch. Answers the partitions that have news, or null when nothing waited or the lease is another's. */
  resolveOnce(): Promise<Set<number> | null>;
};

/**
 * The second stage: what was kept is read, deduplicated and given to its customers' partitions, in one transaction with
 * its removal from the first. One resolver at a time (lease `resolver`), so identity has one writer.
 */
export function openResolver({ db, clock, secret, policy, proofRules, browserEvents, lease }: Parts): Resolver {
  const book = new IdentityBook(policy, secret);
  const claimBook = new ClaimBook();
  let token = 0;

  async function resolveIn(tx: Sql, held: Lease, rules: ProofRules, way: (tx: Sql, read: Read[]) => Promise<Resolved>) {
    const [isHeld, batches] = await Promise.all([holdsLease(tx, held), claimIngestBatches(tx, MOST_EVENTS)]);
    if (!isHeld || batches.length === 0) return null;

    const { read, letters } = readBatches(batches, rules);
    const positions = batches.map((batch) => batch.position);
    const [deleted, resolved] = await Promise.all([deleteIngestBatches(tx, positions), way(tx, read)]);
    if (deleted !== batches.length) throw new Error("another resolver took these batches");
    letters.push(...resolved.letters);
    if (letters.length > 0) await insertDeadLetters(tx, new Date(clock.now()), letters);
    return new Set(resolved.partitions);
  }

  async function resolveTogether(tx: Sql, read: Read[]): Promise<Resolved> {
    const now = clock.now();
    const fresh = await capPeers(tx, await keepUnseen(tx, read, new Date(now)), browserEvents(), now);
    const { items, letters } = await place(tx, fresh);
    const rows = toInboxRows(items);
    const members = membersIn(items);
    const claims = claimBook.news(items.flatMap(({ item }) => claimsIn(item)));
    await Promise.all([
      claims.length > 0 && saveClaims(tx, claims),
      rows.length > 0 && insertInbox(tx, rows),
      members.length > 0 && saveMembers(tx, members),
      book.save(tx),
    ]);
    return { partitions: rows.map((row) => row.partition), letters };
  }

  /**
   * Resolves in smaller and smaller portions, in their order, until what cannot be resolved stands alone: that is set
   * aside with the reason, and all the others are resolved.
   */
  async function resolveApart(tx: Sql, read: Read[]): Promise<Resolved> {
    try {
      return await tentatively(tx, () => resolveTogether(tx, read));
    } catch (fault) {
      forget();
      const [first] = read;
      if (!first || !mayBeOfAnEvent(fault)) throw fault;
      if (read.length === 1) {
        const asEvents: Frame = { ...first.frame, format: "event" };
        const letter = letterOf(asEvents, `not resolved: ${String(fault)}`.slice(0, 500), first.event);
        return { partitions: [], letters: [letter] };
      }
    }
    const middle = Math.ceil(read.length / 2);
    const before = await resolveApart(tx, read.slice(0, middle));
    const after = await resolveApart(tx, read.slice(middle));
    return { partitions: before.partitions.concat(after.partitions), letters: before.letters.concat(after.letters) };
  }

  async function place(tx: Sql, read: Read[]): Promise<{ items: Item[]; letters: DeadLetter[] }> {
    const nobodys = new Map<Frame, Event[]>();
    const known = read.flatMap((one) => {
      const claims = normalised(one.event.claims, policy);
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
    const items = known.flatMap((one) => {
      const placement = isApart(one.event) ? setApart(one.event) : book.place(one.claims, one.event.at, one.stated);
      const event = withClaims(one.event, one.claims, policy);
      const item: InboxItem = { kind: "event", customerId: placement.customerId, event };
      return [...movesOf(placement), { lane: one.frame.lane, item }];
    });
    return { items, letters };
  }

  function setApart(event: Event): Placement {
    const { from, into } = event.properties as { from: string; into: string };
    return book.setApart(from, into, event.at);
  }

  function forget(): void {
    book.forget();
    claimBook.forget();
  }

  return {
    async resolveOnce() {
      const held = lease();
      if (!held) return null;
      if (held.token !== token) forget();
      token = held.token;
      const rules = await proofRules();
      try {
        // May be lost with a crash of PostgreSQL, with all that follows from it: the batch is then simply resolved again.
        return await db.transaction((tx) => resolveIn(tx, held, rules, resolveTogether), "lazily");
      } catch (fault) {
        forget();
        if (!mayBeOfAnEvent(fault)) throw fault;
      }
      try {
        return await db.transaction((tx) => resolveIn(tx, held, rules, resolveApart), "lazily");
      } catch (fault) {
        forget();
        throw fault;
      }
    },
  };
}

/** What of one request names nobody. Its ids count as seen: tried again, it would vanish. */
function letterOfNobodys(frame: Frame, events: Event[]): DeadLetter {
  const reason = "claims: none of the identifiers identifies anybody";
  if (events.length === 1) return { ...letterOf(frame, reason, events[0]), frame: null };
  return { ...letterOf(frame, `${events.length} calls: ${reason}`, events), frame: null };
}

/** A database that is away, or does not know a table of ours (class 42), says nothing against an event. */
function mayBeOfAnEvent(fault: unknown): boolean {
  return !isPassing(fault) && !String((fault as { code?: unknown } | null)?.code ?? "").startsWith("42");
}

/** Drops events whose id was seen before, in this batch or in the last thirty days. */
async function keepUnseen(tx: Sql, read: Read[], seenAt: Date): Promise<Read[]> {
  const byHash = new Map<string, Read>();
  for (const one of read) {
    const id = hash("md5", one.event.id);
    if (!byHash.has(id)) byHash.set(id, one);
  }
  if (byHash.size === 0) return [];
  const seen = await rememberEventIds(tx, [...byHash.keys()].sort(), seenAt);
  return [...byHash].filter(([id]) => !seen.has(uuidOf(id))).map(([, one]) => one);
}

const uuidOf = (hex: string): string =>
  `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;

function normalised(claims: Claim[], policy: IdentityPolicy): Claim[] {
  const kept = new Map<string, Claim>();
  for (const claim of claims) {
    const normal = normaliseClaim(claim, policy);
    if (normal) kept.set(`${normal.kind}:${normal.value}`, normal);
  }
  return [...kept.values()];
}

/** The event with its identifiers in their one form; of what was claimed without proof, too. */
function withClaims(event: Event, claims: Claim[], policy: IdentityPolicy): Event {
  return event.claimed ? { ...event, claims, claimed: normalised(event.claimed, policy) } : { ...event, claims };
}

function claimsIn(item: InboxItem): ClaimRow[] {
  if (item.kind !== "event") return [];
  const { customerId, event } = item;
  return (event.claimed ?? []).map((claim) => ({ ...claim, visitorId: customerId, at: event.at }));
}

/** Who says to belong to a household. */
function membersIn(items: Item[]): { household: string; customerId: string }[] {
  return items.flatMap(({ item }) => {
    if (item.kind !== "event") return [];
    const { origin, traits, provenTraits } = item.event;
    const household = householdNamed((PROVEN.includes(origin) ? traits : provenTraits)?.household);
    return household === null ? [] : [{ household: household.replaceAll("\0", ""), customerId: item.customerId }];
  });
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
