import { Readable } from "node:stream";
import { CsvError, type Options, parse } from "csv-parse";

import { BadFile } from "../platform/read-table.ts";
import type { BadRow, ImportRow } from "./import-row.ts";

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
 * `map` gives columns other names (`email` to `E-mail address`). Cells stay text; empty ones say nothing. Throws BadFile
 * for a header that cannot be meant and for quotes that do not pair; a row that is wrong in itself is told with its
 * number, and the rest goes on.
 */
export async function* readCsv(
  bytes: AsyncIterable<Buffer>,
  map: ReadonlyMap<string, string>,
): AsyncGenerator<ImportRow | BadRow> {
  const tooLong: number[] = [];
  let targets: string[] | null = null;
  const source = Readable.from(plainBytes(bytes, tooLong));
  const parser = source.pipe(parse(await parserOptions(source)));
  source.on("error", (fault) => parser.destroy(fault));
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: Buffer[]; info: { lines: number } }>) {
      if (targets === null) targets = targetsOf(record, map);
      else if ((tooLong[0] ?? info.lines + 1) <= info.lines) yield longRow(info.lines, tooLong);
      else yield callOf(record, targets, info.lines);
    }
  } catch (fault) {
    throw fault instanceof CsvError ? new BadFile(`a row cannot be read: ${fault.message}`) : fault;
  }
  if (targets === null) throw new BadFile("the file is empty");
}

function longRow(number: number, tooLong: number[]): BadRow {
  while ((tooLong[0] ?? number + 1) <= number) tooLong.shift();
  return { kind: "bad", number, field: "", reason: `has a line longer than ${MOST_BYTES} bytes` };
}

/** Spreadsheets of half the world part columns by semicolons. */
async function parserOptions(source: Readable): Promise<Options> {
  const head = await firstChunk(source);
  const [line = ""] = head.toString("latin1").split(/\r?\n/, 1);
  const count = (mark: string) => line.split(mark).length;
  const [delimiter = ","] = [",", ";", "\t"].sort((a, b) => count(b) - count(a));
  return {
    delimiter,
    encoding: null,
    info: true,
    // Only a quote that is never closed makes a row this long, as lines are cut before.
    max_record_size: 4 * MOST_BYTES,
    relax_column_count: true,
    skip_empty_lines: true,
  };
}

async function firstChunk(source: Readable): Promise<Buffer> {
  for (;;) {
    const chunk = source.read() as Buffer | null;
    if (chunk !== null) {
      source.unshift(chunk);
      return chunk;
    }
    if (source.readableEnded) return Buffer.alloc(0);
    await new Promise<void>((resolve, reject) => {
      source.once("readable", resolve).once("end", resolve).once("error", reject);
    });
  }
}

/** Without the byte order mark; of a line that is too long only the beginning is kept, and its number goes to `tooLong`. */
async function* plainBytes(bytes: AsyncIterable<Buffer>, tooLong: number[]): AsyncGenerator<Buffer> {
  let line = 1;
  let length = 0;
  let first = true;
  for await (const chunk of bytes) {
    const mark = first ? chunk.subarray(0, 3).toString("hex") : "";
    if (mark.startsWith("fffe") || mark.startsWith("feff")) throw new BadFile("the file is UTF-16: save it as UTF-8");
    first = false;
    const kept: Buffer[] = [];
    for (let start = mark === "efbbbf" ? 3 : 0; start < chunk.length; ) {
      const newline = chunk.indexOf(10, start);
      const end = newline === -1 ? chunk.length : newline + 1;
      const room = Math.max(0, MOST_BYTES - length);
      kept.push(chunk.subarray(start, Math.min(end, start + room)));
      if (room < end - start && length <= MOST_BYTES) tooLong.push(line);
      length += end - start;
      if (newline !== -1) {
        if (length > MOST_BYTES) kept.push(Buffer.of(10));
        line += 1;
        length = 0;
      }
      start = end;
    }
    yield Buffer.concat(kept);
  }
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

function callOf(cells: Buffer[], targets: string[], number: number): ImportRow | BadRow {
  const bad = (field: string, reason: string): BadRow => ({ kind: "bad", number, field, reason });
  if (cells.length > targets.length)
    return bad("", `has ${cells.length} cells, the header has ${targets.length} columns`);
  const call: Record<string, unknown> = { type: "identify" };
  const traits: Record<string, string> = {};
  for (const [index, cell] of cells.entries()) {
    const target = targets[index] ?? "";
    const text = decoded(cell)?.trim();
    if (text === undefined) return bad(target, "is not UTF-8");
    if (text.includes("\0")) return bad(target, "holds a NUL");
    if (text === "") continue;
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
