import type { Claim } from "@rapport/contract/event";

import {
  addLink,
  addNode,
  type IdentifierKey,
  type IdentityGraph,
  joinGraphs,
  keyOf,
  kindOfKey,
} from "./identity-graph.ts";
import { partitionCluster, type RefusedLink } from "./partition-cluster.ts";
import { CUSTOMER_KIND, type IdentityPolicy, kindOf } from "./policy.ts";

/** What an event says of who is who, normalised. */
export type Statement =
  | { kind: "together"; claims: Claim[]; at: number; stated: boolean }
  /** A person undoes a merge: what `from` held when it became part of `into` is its own again, and stays so. */
  | { kind: "apart"; from: string; into: string; at: number };

/** One customer's events that now belong elsewhere. `holders` tells, for each identifier, whose it is now. */
export type Reassignment = { from: string; holders: Record<IdentifierKey, string> };

export type Resolution = {
  graph: IdentityGraph;
  /** Who had identifiers taken from them: their events are to be moved. */
  reassignments: Reassignment[];
  refused: RefusedLink[];
  changed: boolean;
};

/**
 * Takes one statement into the clusters it touches and works out anew who holds what. `newId` gives the id of a customer
 * founded on an identifier; the same identifier always gives the same id, so replaying a log founds the same customers.
 * A customer keeps its id as long as its founding identifier is held; of several in one group the oldest stays.
 */
export function resolveIdentity(
  clusters: IdentityGraph[],
  statement: Statement,
  policy: IdentityPolicy,
  newId: (key: IdentifierKey) => string,
): Resolution {
  const graph = joinGraphs(clusters);
  const before = { ...graph.holders };
  if (!takeIn(graph, statement, policy)) return { graph, reassignments: [], refused: [], changed: clusters.length > 1 };

  const { groups, refused } = partitionCluster(graph, policy);
  const holders: Record<IdentifierKey, string> = {};
  for (const group of groups) {
    const id = holderOf(group, graph) ?? found(group, graph, policy, newId);
    for (const key of group) holders[key] = id;
    holders[`${CUSTOMER_KIND}:${id}`] = id;
  }
  graph.holders = holders;
  rememberMerges(graph, before, statement.at);
  return { graph, reassignments: reassignmentsOf(before, holders), refused, changed: true };
}

/** The identifier an event belongs by: its strongest that is not shared, or its strongest when all are. */
export function strongestKey(
  claims: Claim[],
  policy: IdentityPolicy,
  isShared: (key: IdentifierKey) => boolean,
): IdentifierKey | null {
  let best: { key: IdentifierKey; rank: number } | null = null;
  for (const claim of claims) {
    const key = keyOf(claim);
    const rank = kindOf(policy, claim.kind).priority + (claims.length > 1 && isShared(key) ? 1_000 : 0);
    if (!best || rank < best.rank || (rank === best.rank && key < best.key)) best = { key, rank };
  }
  return best?.key ?? null;
}

/** Adds what the statement says to the graph. Answers whether the graph now says anything new. */
function takeIn(graph: IdentityGraph, statement: Statement, policy: IdentityPolicy): boolean {
  if (statement.kind === "apart") {
    return setApart(graph, statement.from, statement.into, statement.at);
  }
  const keys = statement.claims.map(keyOf);
  const fresh = keys.filter((key) => graph.nodes[key] === undefined);
  const room = policy.clusterLimit - Object.keys(graph.nodes).length;
  if (fresh.length > room && Object.keys(graph.nodes).length > 0) return false;

  let changed = fresh.length > 0;
  for (const key of keys) {
    const known = graph.nodes[key];
    if (known !== undefined && statement.at < known) changed = true;
    addNode(graph, key, statement.at);
  }
  const hub = strongestKey(statement.claims, policy, () => false);
  for (const key of keys) {
    if (hub && key !== hub && addLink(graph, { a: hub, b: key, at: statement.at, stated: statement.stated }))
      changed = true;
  }
  return changed;
}

/** Severs every link between what `from` held when it was merged and the rest, and bars new ones from joining the two. */
function setApart(graph: IdentityGraph, from: string, into: string, at: number): boolean {
  const merge = graph.merges.findLast((one) => one.from === from && one.into === into);
  if (!merge) return false;
  const mine = new Set(merge.keys);
  for (const link of graph.links) if (mine.has(link.a) !== mine.has(link.b)) link.severed = true;
  graph.cuts.push({ a: `${CUSTOMER_KIND}:${from}`, b: `${CUSTOMER_KIND}:${into}`, at });
  graph.merges = graph.merges.filter((one) => one !== merge);
  return true;
}

/** A customer all of whose identifiers went to one other has been merged into it. */
function rememberMerges(graph: IdentityGraph, before: Record<IdentifierKey, string>, at: number): void {
  for (const { from, holders } of reassignmentsOf(before, graph.holders)) {
    const keys = Object.keys(before).filter((key) => before[key] === from);
    const heirs = new Set(keys.map((key) => holders[key]));
    const [into] = heirs;
    if (heirs.size === 1 && into !== undefined) graph.merges.push({ from, into, keys: keys.sort(), at });
  }
}

/** The oldest customer anchored in the group; ties go to the smaller id. */
function holderOf(group: IdentifierKey[], graph: IdentityGraph): string | null {
  const anchors = group.filter((key) => kindOfKey(key) === CUSTOMER_KIND);
  anchors.sort((a, b) => (graph.nodes[a] ?? 0) - (graph.nodes[b] ?? 0) || (a < b ? -1 : 1));
  return anchors[0]?.slice(CUSTOMER_KIND.length + 1) ?? null;
}

/** Founds a customer on the strongest, then oldest identifier, and anchors it there. */
function found(
  group: IdentifierKey[],
  graph: IdentityGraph,
  policy: IdentityPolicy,
  newId: (key: IdentifierKey) => string,
): string {
  const rank = (key: IdentifierKey) => kindOf(policy, kindOfKey(key)).priority;
  const [founder = ""] = [...group].sort(
    (a, b) => rank(a) - rank(b) || (graph.nodes[a] ?? 0) - (graph.nodes[b] ?? 0) || (a < b ? -1 : 1),
  );
  const id = newId(founder);
  const anchor = `${CUSTOMER_KIND}:${id}`;
  const at = Math.min(...group.map((key) => graph.nodes[key] ?? Number.POSITIVE_INFINITY));
  addNode(graph, anchor, at);
  addLink(graph, { a: anchor, b: founder, at, stated: true });
  return id;
}

function reassignmentsOf(before: Record<IdentifierKey, string>, after: Record<IdentifierKey, string>): Reassignment[] {
  const losers = new Set<string>();
  for (const [key, holder] of Object.entries(before)) if (after[key] !== holder) losers.add(holder);
  return [...losers].sort().map((from) => ({ from, holders: after }));
}
