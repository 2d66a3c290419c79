/** Weighted absolute percentage error: Σ|actual − forecast| / Σ|actual|; NaN where nothing was used at all. */
export function wape(pairs: readonly { actual: number; forecast: number }[]): number {
  let error = 0;
  let total = 0;
  for (const { actual, forecast } of pairs) {
    error += Math.abs(actual - forecast);
    total += Math.abs(actual);
  }
  return total > 0 ? error / total : Number.NaN;
}

/**
 * Area under the ROC curve: the chance that a case that happened was scored above one that did not, ties counting
 * half (Mann & Whitney's U). NaN when all cases went the same way.
 */
export function areaUnderCurve(cases: readonly { score: number; happened: boolean }[]): number {
  const ascending = [...cases].sort((a, b) => a.score - b.score);
  let rankSum = 0;
  let happened = 0;
  for (let from = 0; from < ascending.length; ) {
    let to = from;
    while (to < ascending.length && ascending[to]?.score === ascending[from]?.score) to++;
    const inTie = ascending.slice(from, to).filter((one) => one.happened).length;
    rankSum += inTie * ((from + 1 + to) / 2);
    happened += inTie;
    from = to;
  }
  const pairs = happened * (ascending.length - happened);
  return pairs > 0 ? (rankSum - (happened * (happened + 1)) / 2) / pairs : Number.NaN;
}

/** Of those alerted, the share that happened (precision); of those that happened, the share alerted (recall). */
export function precisionAndRecall(cases: readonly { alerted: boolean; happened: boolean }[]): {
  precision: number;
  recall: number;
} {
  const alerted = cases.filter((one) => one.alerted).length;
  const happened = cases.filter((one) => one.happened).length;
  const both = cases.filter((one) => one.alerted && one.happened).length;
  return { precision: alerted > 0 ? both / alerted : Number.NaN, recall: happened > 0 ? both / happened : Number.NaN };
}
