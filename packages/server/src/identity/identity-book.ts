import { createHmac } from "node:crypto";
import type { Claim } from "@rapport/contract/event";
import {
  claimOf,
  type IdentityGraph,
  type IdentityPolicy,
  keyOf,
  resolveIdentity,
  sharedIdentifiers,
  type Statement,
  strongestKey,
} from "@rapport/engine/identity/index";

import type { Sql } from "../platform/database.ts";
import { deleteClusters, findHolders, type Holder, loadClusters, saveClusters, saveHolders } from "./store.ts";
import { WorkLimit } from "./work-limit.ts";

type Known = { clusterId: string; customerId: string };

/** What one statement came to: whose the event is, and who lost identifiers, so that their events must move. */
export type Placement = { customerId: string; losers: string[] };

const MOST_CACHED = 50_000;

/**
 * The resolver's view of who is who. It reads ahead in batches, keeps what it learned between them (one resolver at a
 * time: the lease), and writes only what changed. `forget` empties it after a transaction that failed.
 */
export class IdentityBook {
  /** What may be asked of each cluster in one round. */
  readonly work = new WorkLimit();
  readonly #policy: IdentityPolicy;
  readonly #known = new Map<string, Known>();
  readonly #links = new Map<string, number>();
  #clusters = new Map<string, IdentityGraph>();
  #changed = new Set<string>();
  #gone = new Set<string>();

  readonly #newCustomerId: (key: string) => string;

  constructor(policy: IdentityPolicy, secret: string) {
    this.#policy = policy;
    this.#newCustomerId = (key) => newCustomerId(key, secret);
  }

  /** Loads in two statements what the coming statements may ask about. */
  async readAhead(tx: Sql, statements: Claim[][]): Promise<void> {
    const unknown = new Map<string, Claim>();
    for (const claims of statements)
      for (const claim of claims) if (!this.#known.has(keyOf(claim))) unknown.set(keyOf(claim), claim);
    if (unknown.size > 0) {
      const claims = [...unknown.values()];
      const found = await findHolders(
        tx,
        claims.map((claim) => claim.kind),
        claims.map((claim) => claim.value),
      );
      for (const { kind, value, clusterId, customerId } of found)
        this.#known.set(`${kind}:${value}`, { clusterId, customerId });
    }
    await this.#loadClusters(tx, statements.filter((claims) => this.#needsCluster(claims)).flat());
  }

  async #loadClusters(tx: Sql, claims: Claim[]): Promise<void> {
    const wanted = new Set<string>();
    for (const claim of claims) {
      const known = this.#known.get(keyOf(claim));
      if (known && !this.#clusters.has(known.clusterId)) wanted.add(known.clusterId);
    }
    if (wanted.size === 0) return;
    for (const { clusterId, graph } of await loadClusters(tx, [...wanted])) this.#clusters.set(clusterId, graph);
  }

  /** Claims that all belong to one customer and were linked before, no later than now, tell nothing new. */
  #needsCluster(claims: Claim[]): boolean {
    return claims.length > 1 || !this.#known.has(keyOf(claims[0] as Claim));
  }

  /** Whose an event is; null when its cluster cost too much in this round. Claims are read ahead, normalised, at least one. */
  place(claims: Claim[], at: number, stated: boolean): Placement | null {
    const [first] = claims.map(keyOf);
    const known = this.#known.get(first ?? "");
    if (known && (claims.length === 1 || this.#saysNothingNew(claims, at, known)))
      return { customerId: known.customerId, losers: [] };
    return this.#resolve({ kind: "together", claims, at, stated }, claims.map(keyOf));
  }

  /** Whether somebody else than `own`, a customer, has this identifier. Both must have been read ahead. */
  isAnothers(claim: Claim, own: Claim): boolean {
    const holder = this.#known.get(keyOf(claim))?.customerId;
    return holder !== undefined && holder !== this.#known.get(keyOf(own))?.customerId;
  }

  /** Undoes a merge: `from` is a customer of its own again. Its anchor must have been read ahead. */
  setApart(from: string, into: string, at: number): Placement | null {
    return this.#resolve({ kind: "apart", from, into, at }, [`customer:${from}`, `customer:${into}`]);
  }

  #saysNothingNew(claims: Claim[], at: number, known: Known): boolean {
    if (claims.some((claim) => this.#known.get(keyOf(claim))?.customerId !== known.customerId)) return false;
    return (this.#links.get(linkKey(claims)) ?? Number.POSITIVE_INFINITY) <= at;
  }

  #resolve(statement: Statement, keys: string[]): Placement | null {
    const touched = [...new Set(keys.flatMap((key) => this.#known.get(key)?.clusterId ?? []))].sort();
    const graphs = touched.flatMap((id) => this.#clusters.get(id) ?? []);
    if (!this.work.spend(touched, graphs)) return null;
    const { graph, reassignments, changed } = resolveIdentity(graphs, statement, this.#policy, this.#newCustomerId);
    const shared = [...sharedIdentifiers(graph, this.#policy)];
    const clusterId = touched[0] ?? this.#newCustomerId(`cluster:${keys[0]}`);
    if (changed) this.#keep(clusterId, touched, graph);

    const claims = keys.map(claimOf);
    if (statement.kind === "together") this.#links.set(linkKey(claims), statement.at);
    const owner = strongestKey(claims, this.#policy, (key) => shared.includes(key)) ?? "";
    const customerId = graph.holders[owner] ?? this.#alone(owner, clusterId);
    return { customerId, losers: reassignments.map((reassignment) => reassignment.from) };
  }

  #keep(clusterId: string, touched: string[], graph: IdentityGraph): void {
    for (const id of touched.slice(1)) {
      this.#clusters.delete(id);
      this.#changed.delete(id);
      this.#gone.add(id);
    }
    this.#clusters.set(clusterId, graph);
    this.#changed.add(clusterId);
    for (const [key, customerId] of Object.entries(graph.holders)) this.#known.set(key, { clusterId, customerId });
  }

  /** A cluster that is full takes no more identifiers: what comes with none of its own is a customer by itself. */
  #alone(key: string, fullCluster: string): string {
    const known = this.#known.get(key);
    if (known) return known.customerId;
    const customerId = this.#newCustomerId(key);
    const clusterId = this.#newCustomerId(`cluster:${fullCluster}:${key}`);
    this.#keep(
      clusterId,
      [clusterId],
      resolveIdentity(
        [],
        { kind: "together", claims: [claimOf(key)], at: 0, stated: false },
        this.#policy,
        () => customerId,
      ).graph,
    );
    return customerId;
  }

  /** Writes what changed since the last save. */
  async save(tx: Sql): Promise<void> {
    const changed = [...this.#changed].flatMap((id) => {
      const graph = this.#clusters.get(id);
      return graph ? [{ id, graph }] : [];
    });
    if (changed.length > 0) {
      const holders = changed
        .flatMap(({ id, graph }) => holdersOf(id, graph))
        .sort((a, b) => (a.kind + a.value < b.kind + b.value ? -1 : 1));
      const ids = changed.map((one) => one.id);
      const graphs = changed.map((one) => JSON.stringify(one.graph));
      await Promise.all([saveHolders(tx, holders), saveClusters(tx, ids, graphs)]);
    }
    if (this.#gone.size > 0) await deleteClusters(tx, [...this.#gone]);
    this.#changed = new Set();
    this.#gone = new Set();
    this.work.startAnew();
    this.#shrink();
  }

  /** Bounded memory: the oldest half of what was learned goes. Graphs are kept for one batch only. */
  #shrink(): void {
    this.#clusters = new Map();
    for (const cache of [this.#known, this.#links]) {
      if (cache.size <= MOST_CACHED) continue;
      let surplus = cache.size - MOST_CACHED / 2;
      for (const key of cache.keys()) {
        if (surplus-- <= 0) break;
        cache.delete(key);
      }
    }
  }

  forget(): void {
    this.#known.clear();
    this.#links.clear();
    this.#clusters = new Map();
    this.#changed = new Set();
    this.#gone = new Set();
    this.work.forget();
  }
}

const linkKey = (claims: Claim[]): string => claims.map(keyOf).join(" ");

const holdersOf = (clusterId: string, graph: IdentityGraph): Holder[] =>
  Object.entries(graph.holders).map(([key, customerId]) => ({ ...claimOf(key), clusterId, customerId }));

/**
 * The id of the customer founded on an identifier: the same identifier founds the same customer, so a replay agrees. Keyed, so
 * that nobody outside can tell the id of whoever has a known address.
 */
function newCustomerId(key: string, secret: string): string {
  const hex = createHmac("sha256", secret).update(key).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
