import type { DecisionTold, Title } from "@rapport/contract/api";

export type Candidate = DecisionTold["candidates"][number];
/** A candidate that came as far as the scales, with what its best way costs. */
export type Weighed = Candidate & {
  factors: NonNullable<Candidate["factors"]>;
  /** P(reached) by its best way; null when every way was barred. */
  reach: number | null;
  cost: number;
  annoyance: number;
};
/** Candidates of one action that the same reason removed before they were weighed. */
export type RuledOut = { title: Title; action: string; count: number; removedBy: NonNullable<Candidate["removedBy"]> };

export function weighedOf(candidates: readonly Candidate[]): Weighed[] {
  return candidates.flatMap((candidate) => {
    const { factors } = candidate;
    if (!factors) return [];
    const [best] = candidate.ways as { reach?: number; cost?: number; annoyance?: number }[];
    const { reach = null, cost = 0, annoyance = 0 } = best ?? {};
    return [{ ...candidate, factors, reach, cost, annoyance }];
  });
}

/** Those that were never weighed, alike ones together, in the order they came. */
export function ruledOutOf(candidates: readonly Candidate[]): RuledOut[] {
  const groups = new Map<string, RuledOut>();
  for (const { action, title, factors, removedBy } of candidates) {
    if (factors || !removedBy) continue;
    const key = `${action} ${removedBy.text}`;
    const group = groups.get(key) ?? { title, action, count: 0, removedBy };
    groups.set(key, { ...group, count: group.count + 1 });
  }
  return [...groups.values()];
}

/** An option of another kind than the action is for was never a real possibility, and is told last. */
export const isOfOtherKind = ({ removedBy }: Pick<RuledOut, "removedBy">): boolean =>
  /^item\.kind == /.test(String(removedBy.reason.params.condition ?? ""));
