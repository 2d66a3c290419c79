import { hash } from "node:crypto";
import { countsFrom, PROVEN } from "@rapport/contract/origin";
import { householdNamed } from "@rapport/engine/contact/index";
import type { IdentityPolicy } from "@rapport/engine/identity/index";
import type { Model } from "@rapport/engine/loop/index";
import { MOST_CLAIMED_IDENTIFIERS } from "@rapport/engine/profile/index";

import { type DeadLetter, type Frame, rememberEventIds } from "../ingest/index.ts";
import { behindOthers, type InboxItem, insertInbox, toInboxRows } from "../partition/index.ts";
import type { Clock } from "../platform/clock.ts";
import { isPassing, type Sql, tentatively } from "../platform/database.ts";
import { capPeers } from "./cap-peers.ts";
import { ClaimBook } from "./claim-book.ts";
import { IdentityBook } from "./identity-book.ts";
import { type Item, placeEvents } from "./place-events.ts";
import { letterOf, type Read } from "./read-batches.ts";
import { type ClaimRow, forgetOldestClaims, saveClaims, saveMembers } from "./store.ts";

export type PortionParts = {
  clock: Clock;
  secret: string;
  policy: IdentityPolicy;
  /** What installed packs open to browsers. */
  browserEvents: () => Model["browserEvents"];
};

/** Partitions that were sent something, what could not be resolved, and what is to be resolved another time. */
export type Resolved = { partitions: number[]; letters: DeadLetter[]; aside: Read[] };
/** One way to resolve what was read. */
export type Way = (tx: Sql, read: Read[]) => Promise<Resolved>;

/** Gives events to their customers' partitions: all together, or apart where one of them cannot be resolved. */
export function openPortions({ clock, secret, policy, browserEvents }: PortionParts) {
  const book = new IdentityBook(policy, secret);
  const claimBook = new ClaimBook();

  async function resolveTogether(tx: Sql, read: Read[]): Promise<Resolved> {
    const now = clock.now();
    return give(tx, await capPeers(tx, await keepUnseen(tx, read, new Date(now)), browserEvents(), now));
  }

  /** Of events that are known to be new. */
  async function give(tx: Sql, fresh: Read[]): Promise<Resolved> {
    const { items, letters, aside } = await placeEvents(tx, { book, policy }, fresh);
    const rows = toInboxRows(behindOthers(items));
    const members = membersIn(items);
    const claims = claimBook.news(items.flatMap(({ item }) => claimsIn(item)));
    await Promise.all([
      claims.length > 0 && saveClaims(tx, claims),
      claims.length > 0 && forgetOldestClaims(tx, visitorsOf(claims), MOST_CLAIMED_IDENTIFIERS),
      rows.length > 0 && insertInbox(tx, rows),
      members.length > 0 && saveMembers(tx, members),
      book.save(tx),
    ]);
    return { partitions: rows.map((row) => row.partition), letters, aside };
  }

  /**
   * Resolves in smaller and smaller portions, in their order, until what cannot be resolved stands alone: that is set
   * aside with the reason, and all the others are resolved.
   */
  async function apart(tx: Sql, read: Read[], together: Way): Promise<Resolved> {
    try {
      return await tentatively(tx, () => together(tx, read));
    } catch (fault) {
      forget();
      const [first] = read;
      if (!first || !mayBeOfAnEvent(fault)) throw fault;
      if (read.length === 1) {
        const asEvents: Frame = { ...first.frame, format: "event" };
        const letter = letterOf(asEvents, `not resolved: ${String(fault)}`.slice(0, 500), first.event);
        return { partitions: [], letters: [letter], aside: [] };
      }
    }
    const middle = Math.ceil(read.length / 2);
    const before = await apart(tx, read.slice(0, middle), together);
    const after = await apart(tx, read.slice(middle), together);
    return {
      partitions: before.partitions.concat(after.partitions),
      letters: before.letters.concat(after.letters),
      aside: before.aside.concat(after.aside),
    };
  }

  function forget(): void {
    book.forget();
    claimBook.forget();
  }

  const tryApart =
    (together: Way): Way =>
    (tx, read) =>
      apart(tx, read, together);
  return {
    /** What has just come: deduplicated, and given on. */
    queue: { together: resolveTogether, apart: tryApart(resolveTogether) },
    /** What was aside, and is known to be new. */
    aside: { together: give, apart: tryApart(give) },
    begin: (of: "queue" | "aside") => book.work.begin(of),
    nothingAside: () => book.work.nothingAside(),
    forget,
  };
}

/** A database that is away, or does not know a table of ours (class 42), says nothing against an event. */
export function mayBeOfAnEvent(fault: unknown): boolean {
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

function claimsIn(item: InboxItem): ClaimRow[] {
  if (item.kind !== "event") return [];
  const { customerId, event } = item;
  return (event.claimed ?? []).map((claim) => ({ ...claim, visitorId: customerId, at: countsFrom(event) }));
}

const visitorsOf = (claims: ClaimRow[]): string[] => [...new Set(claims.map(({ visitorId }) => visitorId))];

/** Who says to belong to a household. */
function membersIn(items: Item[]): { household: string; customerId: string }[] {
  return items.flatMap(({ item }) => {
    if (item.kind !== "event") return [];
    const { origin, traits, provenTraits } = item.event;
    const household = householdNamed((PROVEN.includes(origin) ? traits : provenTraits)?.household);
    return household === null ? [] : [{ household: household.replaceAll("\0", ""), customerId: item.customerId }];
  });
}
