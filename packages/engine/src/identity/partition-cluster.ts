import { type IdentifierKey, type IdentityGraph, type IdentityLink, kindOfKey } from "./identity-graph.ts";
import { CUSTOMER_KIND, type IdentityPolicy, kindOf } from "./policy.ts";

/** Why two linked identifiers are not one customer's. */
export type RefusedLink = { link: IdentityLink; reason: "limit" | "shared" | "cut" | "severed" };

export type ClusterPartition = { groups: IdentifierKey[][]; refused: RefusedLink[] };

/**
 * Divides a cluster of linked identifiers into customers: a pure function of the set of links and cuts, so every order
 * and grouping of the same events divides alike. Links are taken stated first, then by strength, age and name; a link is
 * refused when it touches a shared identifier, would give a customer more of a kind than the limit, or would join what a
 * person has cut apart.
 */
export function partitionCluster(graph: IdentityGraph, policy: IdentityPolicy): ClusterPartition {
  const shared = sharedIdentifiers(graph, policy);
  const groups = new Map<IdentifierKey, IdentifierKey[]>();
  for (const key of Object.keys(graph.nodes).sort()) groups.set(key, [key]);
  const refused: RefusedLink[] = [];

  for (const link of inOrder(graph.links, policy)) {
    const left = groups.get(link.a);
    const right = groups.get(link.b);
    if (!left || !right || left === right) continue;
    const reason = refusal(link, left, right);
    if (reason) {
      refused.push({ link, reason });
      continue;
    }
    const joined = [...left, ...right];
    for (const key of joined) groups.set(key, joined);
  }
  return { groups: [...new Set(groups.values())].map((group) => group.sort()), refused };

  function refusal(link: IdentityLink, left: IdentifierKey[], right: IdentifierKey[]): RefusedLink["reason"] | null {
    const anchors = [link.a, link.b].some((key) => kindOfKey(key) === CUSTOMER_KIND);
    if (link.severed) return "severed";
    if (isCutApart(graph, left, right)) return "cut";
    if (anchors || link.stated) return null;
    if (shared.has(link.a) || shared.has(link.b)) return "shared";
    return exceedsLimit(left, right, policy) ? "limit" : null;
  }
}

/** Identifiers linked with more people than one person would be: a family's tablet, a shop's terminal, an office address. */
export function sharedIdentifiers(graph: IdentityGraph, policy: IdentityPolicy): Set<IdentifierKey> {
  const people = new Map<IdentifierKey, number>();
  for (const { a, b, stated, severed } of graph.links) {
    if (stated || severed) continue;
    for (const [key, other] of [
      [a, b],
      [b, a],
    ] as const) {
      if (kindOfKey(other) === policy.personKind) people.set(key, (people.get(key) ?? 0) + 1);
    }
  }
  const shared = new Set<IdentifierKey>();
  for (const [key, count] of people) {
    const { sharedAbove } = kindOf(policy, kindOfKey(key));
    if (sharedAbove !== null && count > sharedAbove) shared.add(key);
  }
  return shared;
}

function inOrder(links: IdentityLink[], policy: IdentityPolicy): IdentityLink[] {
  const strength = ({ a, b }: IdentityLink) =>
    Math.max(kindOf(policy, kindOfKey(a)).priority, kindOf(policy, kindOfKey(b)).priority);
  const anchored = (link: IdentityLink) =>
    Number(kindOfKey(link.a) !== CUSTOMER_KIND && kindOfKey(link.b) !== CUSTOMER_KIND);
  return [...links].sort(
    (x, y) =>
      anchored(x) - anchored(y) ||
      Number(y.stated) - Number(x.stated) ||
      strength(x) - strength(y) ||
      x.at - y.at ||
      compare(x.a, y.a) ||
      compare(x.b, y.b),
  );
}

function isCutApart(graph: IdentityGraph, left: IdentifierKey[], right: IdentifierKey[]): boolean {
  return graph.cuts.some(
    ({ a, b }) => (left.includes(a) && right.includes(b)) || (left.includes(b) && right.includes(a)),
  );
}

/** A join may not make a kind more numerous than the limit; what stated links have already made so may stay. */
function exceedsLimit(left: IdentifierKey[], right: IdentifierKey[], policy: IdentityPolicy): boolean {
  const count = (group: IdentifierKey[], kind: string) => group.filter((key) => kindOfKey(key) === kind).length;
  const kinds = new Set(left.map(kindOfKey));
  return [...kinds].some((kind) => {
    const [mine, theirs] = [count(left, kind), count(right, kind)];
    return theirs > 0 && mine + theirs > kindOf(policy, kind).limit;
  });
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
