import { BadFile } from "../platform/read-table.ts";
import { asUtf8 } from "./as-utf8.ts";
import type { BadRow, ImportRow } from "./import-row.ts";
import { type Line, readLines } from "./read-lines.ts";
import { cellsOf, readRecords } from "./read-records.ts";

const MOST_BYTES = 65_536;
const MOST_COLUMNS = 1_000;
const UNSAFE = new Set(["__proto__", "constructor", "prototype"]);
/** Columns that say who a row is about, whatever their case: the others are traits under their own names. */
const FIELDS = new Map([
  ["userid", "userId"],
  ["user_id", "userId"],
  ["anonymousid", "anonymousId"],
  ["anonymous_id", "anonymousId"],
  ["timestamp", "timestamp"],
]);
const IDENTIFYING = ["userId", "anonymousId", "email", "phone"];
const utf8 = new TextDecoder("utf-8", { fatal: true });

/**
 * A row of a CSV file is an `identify` of one customer: `userId`, `anonymousId`, `timestamp`, and everything else a trait.
 * `map` gives columns other names (`email` to `E-mail address`). Cells are text (`columnTypesOf` finds those that are more);
 * empty ones say nothing. Throws BadFile for a header that cannot be meant; a row that is wrong in itself is told with its
 * line, and the rest goes on.
 */
export async function* readCsv(
  bytes: AsyncIterable<Buffer>,
  map: ReadonlyMap<string, string>,
): AsyncGenerator<ImportRow | BadRow> {
  const lines = readLines(asUtf8(bytes), MOST_BYTES);
  const { header, delimiter } = await headerOf(lines);
  const targets = targetsOf(header, map);
  for await (const record of readRecords(lines, delimiter, targets.length)) {
    if (record.kind === "cells") yield callOf(record.cells, targets, record.number, delimiter);
    else if (record.kind === "cut") yield cutRow(record.cells, targets, record.number);
    else yield { kind: "bad", number: record.number, field: "", reason: record.reason };
  }
}

/** Of a line that is too long the beginning is known: the column in which it was cut. */
const cutRow = (cells: Buffer[], targets: string[], number: number): BadRow => ({
  kind: "bad",
  number,
  field: targets[cells.length - 1] ?? "",
  reason: `is too long: a line may have ${MOST_BYTES / 1_024} KB`,
});

/** What parts cells: spreadsheets of half the world write semicolons, and Excel says so in a first line of its own. */
const DELIMITERS = [",", ";", "\t", "|"];

async function headerOf(lines: AsyncGenerator<Line>): Promise<{ header: Buffer[]; delimiter: string }> {
  let said: string | undefined;
  for (;;) {
    const { done, value } = await lines.next();
    if (done) throw new BadFile("the file is empty");
    const text = value.bytes.toString("latin1");
    if (text.trim() === "") continue;
    const [, told] = /^sep=(.)$/.exec(text.trim()) ?? [];
    if (told !== undefined && said === undefined) {
      said = told;
      continue;
    }
    const delimiter = said ?? delimiterOf(text);
    const read = cellsOf(text, delimiter);
    if (read.kind !== "cells")
      throw new BadFile("the header cannot be read: a quote in it is not closed as it should be");
    return { header: read.cells.map((cell) => Buffer.from(cell, "latin1")), delimiter };
  }
}

function delimiterOf(header: string): string {
  const count = (mark: string) => cellsOf(header, mark).cells.length;
  const [delimiter = ","] = DELIMITERS.toSorted((a, b) => count(b) - count(a));
  return delimiter;
}

/** What each column is to become: a field of the call, or a trait. */
function targetsOf(cells: Buffer[], map: ReadonlyMap<string, string>): string[] {
  if (cells.length > MOST_COLUMNS) throw new BadFile(`the header names ${cells.length} columns, above ${MOST_COLUMNS}`);
  const names = cells.map((cell) => decoded(cell)?.trim() ?? "");
  const byColumn = new Map([...map].map(([target, column]) => [column, target]));
  for (const column of byColumn.keys())
    if (!names.includes(column)) throw new BadFile(`there is no column "${column}" (there is ${names.join(", ")})`);
  const targets = names.map((name) => byColumn.get(name) ?? FIELDS.get(name.toLowerCase()) ?? lowered(name));
  for (const [index, target] of targets.entries()) {
    if (target === "") throw new BadFile(`column ${index + 1} has no name, or one that is not UTF-8`);
    if (UNSAFE.has(target)) throw new BadFile(`"${target}" cannot name a column`);
    if (targets.indexOf(target) !== index) throw new BadFile(`two columns say "${target}": map one to another name`);
  }
  if (!targets.some((target) => IDENTIFYING.includes(target)))
    throw new BadFile(
      `no column says who a row is about: map one, as in --map userId="${names[0]}" (or email, phone, anonymousId)`,
    );
  return targets;
}

/** The identifying traits are known in lower case alone. */
const lowered = (name: string): string => (/^(email|phone|name)$/i.test(name) ? name.toLowerCase() : name);

/** A number that a spreadsheet wrote with an exponent has lost its last digits. */
const CUT_NUMBER = /^\d([.,]\d+)?E\+\d+$/i;

function callOf(cells: Buffer[], targets: string[], number: number, delimiter: string): ImportRow | BadRow {
  const bad = (field: string, reason: string): BadRow => ({ kind: "bad", number, field, reason });
  if (cells.length > targets.length)
    return bad("", `has ${cells.length} cells, the header has ${targets.length} columns`);
  // A header of one column does not tell what parts the cells.
  const parted = DELIMITERS.filter((mark) => mark !== delimiter).some((mark) => cells[0]?.includes(mark));
  if (targets.length === 1 && parted) return bad("", "has several cells, the header has 1 column");
  const call: Record<string, unknown> = { type: "identify" };
  const traits: Record<string, string> = {};
  for (const [index, cell] of cells.entries()) {
    const target = targets[index] ?? "";
    const text = decoded(cell)?.trim();
    if (text === undefined) return bad(target, "is not UTF-8");
    if (text.includes("\0")) return bad(target, "holds a NUL");
    if (text === "") continue;
    if (IDENTIFYING.includes(target) && CUT_NUMBER.test(text))
      return bad(target, `is ${text}: a spreadsheet has cut its last digits, format the column as text`);
    if (target === "userId" || target === "anonymousId" || target === "timestamp") call[target] = text;
    else traits[target] = text;
  }
  if (!call.userId && !call.anonymousId && !traits.email && !traits.phone)
    return bad("userId", "says nothing of who it is about");
  const value = { ...call, traits };
  return { kind: "row", number, format: "segment", value, bytes: Buffer.byteLength(JSON.stringify(value)) };
}

function decoded(cell: Buffer): string | undefined {
  try {
    return utf8.decode(cell);
  } catch {
    return undefined;
  }
}
