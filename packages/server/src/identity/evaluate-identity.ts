import type { MatchField } from "@rapport/engine/identity/compare-fields";
import { matchRecords } from "@rapport/engine/identity/match-records";

import { BadFile, readTable, type Table } from "../platform/read-table.ts";
import { type PairScores, scoreClusters } from "./score-clusters.ts";

export type IdentityMethod = "model" | "exactId";
export type IdentityEvaluation = {
  records: number;
  people: number;
  fields: string[];
  /** Suggestions in all, and the share of them that are right. */
  suggestions: number;
  suggestionsRight: number;
  scores: ({ method: IdentityMethod } & PairScores)[];
};

const NAME_COLUMNS = new Map([
  ["given_name", "surname"],
  ["surname", "given_name"],
  ["first_name", "last_name"],
  ["last_name", "first_name"],
]);
const ADDRESS_COLUMNS = new Map([
  ["address_1", "address_2"],
  ["address_2", "address_1"],
]);
const EXACT_ID_COLUMN = "soc_sec_id";

/**
 * Matches the records of a CSV file and compares with the truth in its `rec_id` (`rec-223-org` and `rec-223-dup-0`
 * are one person), which the matching does not see. All other columns are matched on. Throws `BadFile`.
 */
export async function evaluateIdentity(file: string): Promise<IdentityEvaluation> {
  const table = await readTable(file);
  const rows = recordsOf(table);
  const truth = rows.map((row, i) => personOf(row[table.column("rec_id")] ?? "", table.file, i));
  const fields = fieldsOf(table, rows);
  const positions = fields.map(({ name }) => table.column(name));
  const records = rows.map((row) => fields.map(({ kind }, i) => comparableValue(row[positions[i] ?? -1] ?? "", kind)));

  const { suggestions, clusters } = matchRecords(records, fields);
  const right = suggestions.filter(({ a, b }) => truth[a] === truth[b]).length;
  const idField = fields.findIndex(({ name }) => name === EXACT_ID_COLUMN);
  const exact =
    idField < 0 ? [] : [{ method: "exactId" as const, ...scoreClusters(clustersOf(records, idField), truth) }];
  return {
    records: records.length,
    people: new Set(truth).size,
    fields: fields.map(({ name }) => name),
    suggestions: suggestions.length,
    suggestionsRight: suggestions.length > 0 ? right / suggestions.length : Number.NaN,
    scores: [{ method: "model", ...scoreClusters(clusters, truth) }, ...exact],
  };
}

/** The rows that are records: files put one after the other bring a header each. */
function recordsOf(table: Table): string[][] {
  const id = table.column("rec_id");
  const rows = table.rows.filter((row) => row[id]?.toLowerCase() !== "rec_id");
  if (rows.length < 2) throw new BadFile(`${table.file}: holds ${rows.length} records, matching takes two at least`);
  return rows;
}

function personOf(recordId: string, file: string, i: number): string {
  const person = /^rec-(\w+)-(org|dup)/.exec(recordId)?.[1];
  if (person === undefined) {
    throw new BadFile(
      `${file}: record ${i + 1}, column "rec_id": "${recordId}" is not like rec-223-org or rec-223-dup-0`,
    );
  }
  return person;
}

/** How to compare each column: people's names by name, the rest by whether they are mostly digits. */
function fieldsOf(table: Table, rows: readonly (readonly string[])[]): MatchField[] {
  return table.names
    .filter((name) => name !== "rec_id" && name !== "")
    .map((name) => {
      const partner = NAME_COLUMNS.get(name) ?? ADDRESS_COLUMNS.get(name);
      const swaps = partner !== undefined && table.names.includes(partner) ? { swapsWith: partner } : {};
      if (NAME_COLUMNS.has(name)) return { name, kind: "name", ...swaps };
      const values = rows.map((row) => row[table.column(name)] ?? "").filter((value) => value !== "");
      const digits = values.filter((value) => /^[\d\s./+()-]+$/.test(value)).length;
      return { name, kind: digits > 0.8 * values.length ? "digits" : "text", ...swaps };
    });
}

/** Dates and numbers are compared by their digits alone; a mistyped letter among them stays, as it is an error. */
function comparableValue(text: string, kind: MatchField["kind"]): string {
  return kind === "digits" ? text.replace(/[\s./+()-]/g, "") : text;
}

/** Records with the same value are one; records without it stand alone. */
function clustersOf(records: readonly (readonly string[])[], field: number): number[][] {
  const positions = records.map((_, i) => i);
  return [...Map.groupBy(positions, (i) => records[i]?.[field] || `alone ${i}`).values()];
}
