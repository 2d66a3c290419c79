/** Over all pairs of records. `falseMerges` counts pairs put together that are different people. */
export type PairScores = { precision: number; recall: number; f1: number; falseMerges: number; missed: number };

/** Compares clusters (lists of positions) with the person each record truly belongs to. */
export function scoreClusters(clusters: readonly (readonly number[])[], truth: readonly string[]): PairScores {
  let right = 0;
  let together = 0;
  for (const cluster of clusters) {
    together += pairsAmong(cluster.length);
    right += pairsOfOnePerson(cluster.map((record) => truth[record] ?? ""));
  }
  const all = pairsOfOnePerson(truth);
  return {
    precision: together > 0 ? right / together : Number.NaN,
    recall: all > 0 ? right / all : Number.NaN,
    f1: together + all > 0 ? (2 * right) / (together + all) : Number.NaN,
    falseMerges: together - right,
    missed: all - right,
  };
}

function pairsOfOnePerson(people: readonly string[]): number {
  let pairs = 0;
  for (const same of Map.groupBy(people, (person) => person).values()) pairs += pairsAmong(same.length);
  return pairs;
}

const pairsAmong = (count: number) => (count * (count - 1)) / 2;
