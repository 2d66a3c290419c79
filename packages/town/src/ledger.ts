import { appendFileSync } from "node:fs";

/** What the town itself saw, appended only: the third ledger, beside the sender's and the database's. */
export type Ledger<Entry> = { entries: readonly Entry[]; append: (entry: Entry) => void };

/** Keeps entries in memory, and as lines of JSON in a file where one is named, so that they outlive the process. */
export function openLedger<Entry>(file: string | null): Ledger<Entry> {
  const entries: Entry[] = [];
  return {
    entries,
    append(entry) {
      entries.push(entry);
      if (file !== null) appendFileSync(file, `${JSON.stringify(entry)}\n`);
    },
  };
}
