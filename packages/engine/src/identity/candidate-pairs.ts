import type { CleanRecord, MatchField } from "./compare-fields.ts";

/** Two records by position, the lower first. */
export type Pair = { a: number; b: number };

/** A value that more records share than this singles nobody out: it counts only together with a second one. */
const CROWD = 40;

/**
 * The pairs worth comparing: records that share a whole value few others have, or two values of different fields.
 * Values that swap columns meet as well. Grows with the records, not with their square.
 */
export function candidatePairs(
  records: readonly CleanRecord[],
  fields: readonly MatchField[],
  partners: readonly number[],
): Pair[] {
  const found = new Set<number>();
  const crowded: Map<string, number[]>[] = [];
  fields.forEach((_, field) => {
    const blocks = blockBy(records, field, partners[field] ?? -1);
    for (const [value, members] of blocks) {
      if (members.length > CROWD) continue;
      addPairs(found, members, records.length);
      blocks.delete(value);
    }
    crowded.push(blocks);
  });
  addCrossed(found, crowded, records.length);
  return [...found].map((key) => ({ a: Math.floor(key / records.length), b: key % records.length }));
}

function blockBy(records: readonly CleanRecord[], field: number, partner: number): Map<string, number[]> {
  const blocks = new Map<string, number[]>();
  records.forEach((record, position) => {
    const values = new Set([record[field] ?? "", partner >= 0 ? (record[partner] ?? "") : ""]);
    for (const value of values) {
      if (value === "") continue;
      const members = blocks.get(value);
      if (members) members.push(position);
      else blocks.set(value, [position]);
    }
  });
  return blocks;
}

/** Within a crowd, those who are together in a second crowd too. */
function addCrossed(found: Set<number>, crowded: readonly Map<string, number[]>[], size: number): void {
  for (let first = 0; first < crowded.length; first++) {
    for (let second = first + 1; second < crowded.length; second++) {
      const crowdOf = new Map<number, string>();
      for (const [value, members] of crowded[second] ?? []) for (const member of members) crowdOf.set(member, value);
      for (const members of crowded[first]?.values() ?? []) {
        for (const together of Map.groupBy(members, (member) => crowdOf.get(member)).entries()) {
          if (together[0] !== undefined && together[1].length <= CROWD) addPairs(found, together[1], size);
        }
      }
    }
  }
}

function addPairs(found: Set<number>, members: readonly number[], size: number): void {
  for (let i = 0; i < members.length; i++) {
    for (let j = i + 1; j < members.length; j++) {
      const a = members[i] ?? 0;
      const b = members[j] ?? 0;
      found.add(Math.min(a, b) * size + Math.max(a, b));
    }
  }
}
