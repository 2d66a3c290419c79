import type { Claim } from "@rapport/contract/event";

/** `kind:value` of a normalised claim. */
export type IdentifierKey = string;

/**
 * Two identifiers that an event named together. `stated` links (an alias, a person's merge) pass the limits; `severed`
 * links were what joined two customers whom a person set apart again: they join nobody any more.
 */
export type IdentityLink = { a: IdentifierKey; b: IdentifierKey; at: number; stated: boolean; severed: boolean };

/** Two customers that a person said are not one: nothing may join them. */
export type IdentityCut = { a: IdentifierKey; b: IdentifierKey; at: number };

/** One customer became part of another: what it held, so that this can be undone. */
export type IdentityMerge = { from: string; into: string; keys: IdentifierKey[]; at: number };

/**
 * All identifiers ever linked, directly or through others, whether or not they belong to one customer.
 * Who belongs together is worked out from the set of links and cuts alone (`partitionCluster`), so the order in which
 * events came cannot matter.
 */
export type IdentityGraph = {
  /** Identifier to when it was first seen, epoch ms. */
  nodes: Record<IdentifierKey, number>;
  links: IdentityLink[];
  cuts: IdentityCut[];
  merges: IdentityMerge[];
  /** Identifier to the id of the customer who has it now. */
  holders: Record<IdentifierKey, string>;
};

export const emptyGraph = (): IdentityGraph => ({ nodes: {}, links: [], cuts: [], merges: [], holders: {} });

export const keyOf = (claim: Claim): IdentifierKey => `${claim.kind}:${claim.value}`;

export function claimOf(key: IdentifierKey): Claim {
  const colon = key.indexOf(":");
  return { kind: key.slice(0, colon), value: key.slice(colon + 1) };
}

export const kindOfKey = (key: IdentifierKey): string => key.slice(0, key.indexOf(":"));

/** Adds an identifier, or moves its first sight earlier. */
export function addNode(graph: IdentityGraph, key: IdentifierKey, at: number): void {
  const known = graph.nodes[key];
  if (known === undefined || at < known) graph.nodes[key] = at;
}

/** Adds a link, or moves a known one's time earlier; a stated link stays stated. Answers whether anything changed. */
export function addLink(graph: IdentityGraph, link: Omit<IdentityLink, "severed">): boolean {
  if (link.a === link.b) return false;
  const [a, b] = link.a < link.b ? [link.a, link.b] : [link.b, link.a];
  const known = graph.links.find((other) => other.a === a && other.b === b);
  if (!known) {
    graph.links.push({ severed: false, ...link, a, b });
    return true;
  }
  const changed = link.at < known.at || (link.stated && !known.stated);
  known.at = Math.min(known.at, link.at);
  known.stated ||= link.stated;
  return changed;
}

/** Two graphs as one: what an event that names identifiers of both makes of them. */
export function joinGraphs(graphs: IdentityGraph[]): IdentityGraph {
  const joined = emptyGraph();
  for (const graph of graphs) {
    for (const [key, at] of Object.entries(graph.nodes)) addNode(joined, key, at);
    for (const link of graph.links) addLink(joined, link);
    joined.cuts.push(...graph.cuts);
    joined.merges.push(...graph.merges);
    Object.assign(joined.holders, graph.holders);
  }
  return joined;
}
