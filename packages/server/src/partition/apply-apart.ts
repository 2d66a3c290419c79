import type { DeadLetter } from "../ingest/index.ts";
import { isPassing, type Sql, tentatively } from "../platform/database.ts";
import type { InboxItem } from "./inbox-item.ts";

/** Tries in all, and tries in a row that fail: enough to find one of thousands. Beyond either, what fails together is given up together. */
const MOST_TRIES = 100;
const MOST_IN_VAIN = 16;
/** Different reasons named in one letter. */
const MOST_REASONS = 5;

export type Poison = { item: InboxItem; reason: string };

/**
 * Applies, in smaller and smaller portions and in their order, items that cannot be applied together. Answers those that stand
 * in the way, each with the reason: one of five hundred is found in eighteen tries. After a bounded number of tries a portion that
 * fails is answered as a whole. Throws what says nothing against an item: the database is away, or another worker was faster.
 */
export async function applyApart(
  tx: Sql,
  items: InboxItem[],
  apply: (items: InboxItem[]) => Promise<void>,
): Promise<Poison[]> {
  const poison: Poison[] = [];
  let tries = 0;
  let inVain = 0;

  async function tryTogether(portion: InboxItem[]): Promise<void> {
    try {
      tries += 1;
      await tentatively(tx, () => apply(portion));
      inVain = 0;
    } catch (fault) {
      if (!isOfAnItem(fault)) throw fault;
      inVain += 1;
      if (portion.length > 1 && tries < MOST_TRIES && inVain < MOST_IN_VAIN) return tryHalves(portion);
      const reason = (fault as Error).message;
      poison.push(...portion.map((item) => ({ item, reason })));
    }
  }

  async function tryHalves(portion: InboxItem[]): Promise<void> {
    const middle = Math.ceil(portion.length / 2);
    await tryTogether(portion.slice(0, middle));
    await tryTogether(portion.slice(middle));
  }

  await (items.length > 1 ? tryHalves(items) : tryTogether(items));
  return poison;
}

export const isOfAnItem = (fault: unknown): boolean =>
  !isPassing(fault) && !/^another worker/.test((fault as Error).message);

/** What of one batch cannot be applied is one letter, however much it is: a list, given back as one. */
export function letterOfPoison(partition: number, poison: Poison[]): DeadLetter {
  const reasons = [...new Set(poison.map(({ reason }) => reason))];
  const told = reasons.slice(0, MOST_REASONS).join("; ") + (reasons.length > MOST_REASONS ? "; …" : "");
  const reason = poison.length === 1 ? told : `${poison.length} could not be applied: ${told}`;
  return {
    stage: "apply",
    source: `partition ${partition}`,
    reason: reason.slice(0, 500).toWellFormed().replaceAll("\0", ""),
    body: Buffer.from(JSON.stringify(poison.map(({ item }) => item))),
    frame: null,
  };
}
