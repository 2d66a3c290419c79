import type { Pair } from "./candidate-pairs.ts";

/**
 * Gathers records into people: the likeliest links first, and two groups become one only if their members speak for
 * it on average, so that one chance link does not chain strangers. `logOddsOf` answers for any pair.
 */
export function clusterMatches(
  size: number,
  links: readonly (Pair & { logOdds: number })[],
  logOddsOf: (a: number, b: number) => number,
): number[][] {
  const groupOf = Array.from({ length: size }, (_, record) => [record]);
  for (const { a, b } of [...links].sort((x, y) => y.logOdds - x.logOdds || x.a - y.a || x.b - y.b)) {
    const left = groupOf[a] ?? [];
    const right = groupOf[b] ?? [];
    if (left === right || !speakForIt(left, right, logOddsOf)) continue;
    left.push(...right);
    for (const record of right) groupOf[record] = left;
  }
  return [...new Set(groupOf)];
}

function speakForIt(
  left: readonly number[],
  right: readonly number[],
  logOddsOf: (a: number, b: number) => number,
): boolean {
  let sum = 0;
  for (const a of left) for (const b of right) sum += logOddsOf(a, b);
  return sum > 0;
}
