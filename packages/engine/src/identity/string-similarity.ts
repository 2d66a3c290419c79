/** Jaro & Winkler's likeness of two strings, 0 to 1: made for names typed by people. Source: Winkler (1990). */
export function jaroWinkler(a: string, b: string): number {
  const jaro = jaroOf(a, b);
  let prefix = 0;
  while (prefix < 4 && prefix < a.length && a[prefix] === b[prefix]) prefix++;
  return jaro + prefix * 0.1 * (1 - jaro);
}

function jaroOf(a: string, b: string): number {
  if (a === b) return 1;
  if (a.length === 0 || b.length === 0) return 0;
  const reach = Math.max(0, (Math.max(a.length, b.length) >> 1) - 1);
  const taken = new Uint8Array(b.length);
  const matchedA: string[] = [];
  for (let i = 0; i < a.length; i++) {
    const end = Math.min(b.length - 1, i + reach);
    for (let j = Math.max(0, i - reach); j <= end; j++) {
      if (taken[j] === 1 || a[i] !== b[j]) continue;
      taken[j] = 1;
      matchedA.push(a.charAt(i));
      break;
    }
  }
  if (matchedA.length === 0) return 0;
  const moved = outOfOrder(matchedA, b, taken);
  const matches = matchedA.length;
  return (matches / a.length + matches / b.length + (matches - moved / 2) / matches) / 3;
}

function outOfOrder(matchedA: readonly string[], b: string, taken: Uint8Array): number {
  let moved = 0;
  let next = 0;
  for (let j = 0; j < b.length; j++) {
    if (taken[j] !== 1) continue;
    if (matchedA[next] !== b[j]) moved++;
    next++;
  }
  return moved;
}

/** The fewest insertions, deletions, replacements and swaps of neighbours (optimal string alignment; Damerau 1964). */
export function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (above[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let least = Math.min(replaced, (above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (isSwap) least = Math.min(least, (before[j - 2] ?? 0) + 1);
      row.push(least);
    }
    before = above;
    above = row;
  }
  return above[b.length] ?? 0;
}
