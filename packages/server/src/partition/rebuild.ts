import type { Model } from "@rapport/engine/loop/index";
import type { Profile } from "@rapport/engine/profile/index";

import type { Database } from "../platform/database.ts";
import { foldTimeline, rowOf } from "./apply-batch.ts";
import { loadEvents, profilesAfter, saveCustomers } from "./store.ts";

const AT_ONCE = 200;
/** Sums of fractions depend on their order in the last digits; no more than these are compared. */
const DIGITS = 12;

type Parts = { db: Database; model: () => Model; now: () => number };
export type Difference = { customerId: string; parts: string[] };

/**
 * Folds every profile anew from the log and tells those that differ, with the parts that do. With `repair` what was
 * folded takes their place: for a hub that is stopped, as nobody else may write a customer meanwhile.
 */
export async function rebuildProfiles(
  { db, model, now }: Parts,
  repair: boolean,
): Promise<{ customers: number; differences: Difference[] }> {
  const differences: Difference[] = [];
  let customers = 0;
  let after = { partition: -1, customerId: "00000000-0000-0000-0000-000000000000" };
  for (;;) {
    const page = await profilesAfter(db, after, AT_ONCE);
    for (const { partition, customerId, mergedInto, state } of page) {
      const folded = foldTimeline(customerId, await loadEvents(db, partition, customerId), model());
      const row = rowOf(folded, mergedInto);
      const parts = differingParts(JSON.parse(row.state) as Profile, state);
      if (parts.length === 0) continue;
      differences.push({ customerId, parts });
      if (repair) await saveCustomers(db, [row], new Date(now()));
    }
    customers += page.length;
    const last = page.at(-1);
    if (!last || page.length < AT_ONCE) return { customers, differences };
    after = last;
  }
}

function differingParts(folded: Profile, kept: Profile): string[] {
  const names = new Set([...Object.keys(folded), ...Object.keys(kept)]) as Set<keyof Profile>;
  return [...names].filter((name) => canonical(folded[name] ?? {}) !== canonical(kept[name] ?? {}));
}

/** The same text for the same value, whatever the order of its keys. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (typeof part === "number") return Number(part.toPrecision(DIGITS));
    if (typeof part !== "object" || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

/**
 * `rapport rebuild --check`: answers the exit code: 0 when every profile is the fold of its events, 1 when one is not,
 * 2 when the command is not understood. `--repair` writes the folded ones; stop the hub first.
 */
export async function rebuildCommand(args: string[], out: (line: string) => void, parts: Parts): Promise<number> {
  const [flag] = args;
  if (args.length !== 1 || (flag !== "--check" && flag !== "--repair")) {
    out("rapport rebuild --check | --repair (stop the hub first)");
    return 2;
  }
  const { customers, differences } = await rebuildProfiles(parts, flag === "--repair");
  for (const { customerId, parts: names } of differences.slice(0, 100)) out(`${customerId}: ${names.join(", ")}`);
  out(`${customers} profiles folded from the log, ${differences.length} differ`);
  return differences.length === 0 || flag === "--repair" ? 0 : 1;
}
