import type { DecisionTold } from "@rapport/contract/api";

export type Candidate = DecisionTold["candidates"][number];
/** A candidate that came as far as the scales, with what its best way costs. */
export type Weighed = Candidate & { factors: NonNullable<Candidate["factors"]>; cost: number; annoyance: number };
/** Candidates of one action that the same reason removed before they were weighed. */
export type RuledOut = { title: string; action: string; count: number; removedBy: NonNullable<Candidate["removedBy"]> };

export function weighedOf(candidates: readonly Candidate[]): Weighed[] {
  return candidates.flatMap((candidate) => {
    if (!candidate.factors) return [];
    const [best] = candidate.ways as { cost?: number; annoyance?: number }[];
    return [{ ...candidate, factors: candidate.factors, cost: best?.cost ?? 0, annoyance: best?.annoyance ?? 0 }];
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
