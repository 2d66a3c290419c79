import type { Line } from "./read-lines.ts";

/** A row of a CSV file by its cells, or why it is none. `number` is the line it ends on, of a faulty one the line it begins on. */
export type CsvRecord =
  | { kind: "cells"; number: number; cells: Buffer[] }
  | { kind: "cut"; number: number; cells: Buffer[] }
  | { kind: "fault"; number: number; reason: string };

/** A cell that goes on for more lines, or bytes, is a quote that was never closed. */
const MOST_LINES = 1_000;
const MOST_BYTES = 262_144;

/**
 * Rows of a CSV file (RFC 4180, where a quote within an unquoted cell is a letter like any other). A quote that goes wrong
 * costs the line it stands on: the next is read as if nothing were open. Blank lines are passed by.
 */
export async function* readRecords(
  lines: AsyncIterable<Line>,
  delimiter: string,
  columns: number,
): AsyncGenerator<CsvRecord> {
  const source = lines[Symbol.asyncIterator]();
  let ahead: Line[] = [];
  const nextLine = async (): Promise<Line | undefined> => {
    const kept = ahead.shift();
    if (kept) return kept;
    const { done, value } = await source.next();
    return done ? undefined : value;
  };
  for (let line = await nextLine(); line; line = await nextLine()) {
    const text = line.bytes.toString("latin1");
    if (text.trim() === "") continue;
    if (line.isCut) {
      yield { kind: "cut", number: line.number, cells: asBuffers(cellsOf(text, delimiter).cells) };
      continue;
    }
    const read = cellsOf(text, delimiter);
    if (read.kind !== "open") {
      yield recordOf(read, line.number);
      continue;
    }
    const taken: Line[] = [];
    const whole = await closed(text, taken);
    if (whole) yield { kind: "cells", number: whole.number, cells: asBuffers(whole.cells) };
    else {
      ahead = [...taken, ...ahead];
      yield { kind: "fault", number: line.number, reason: "opens a quote that is not closed as it should be" };
    }
  }

  /** The row whose cell goes on in the next lines, when it comes to an end that fits the header. */
  async function closed(begun: string, taken: Line[]): Promise<{ number: number; cells: string[] } | null> {
    let text = begun;
    while (taken.length < MOST_LINES && text.length < MOST_BYTES) {
      const line = await nextLine();
      if (!line) return null;
      taken.push(line);
      if (line.isCut) return null;
      const more = line.bytes.toString("latin1");
      text += `\n${more}`;
      if (!more.includes('"')) continue;
      const read = cellsOf(text, delimiter);
      if (read.kind === "open") continue;
      return read.kind === "cells" && read.cells.length === columns ? { number: line.number, cells: read.cells } : null;
    }
    return null;
  }
}

type Cells = { kind: "cells" | "open" | "wrong"; cells: string[] };

function recordOf({ kind, cells }: Cells, number: number): CsvRecord {
  if (kind === "cells") return { kind, number, cells: asBuffers(cells) };
  return {
    kind: "fault",
    number,
    reason: `cell ${cells.length + 1} has text after its closing quote: write quotes within quotes twice`,
  };
}

const asBuffers = (cells: string[]): Buffer[] => cells.map((cell) => Buffer.from(cell, "latin1"));

/** The cells of a line; `open` where a quote is not closed in it, `wrong` where one is closed before its cell ends. */
export function cellsOf(text: string, delimiter: string): Cells {
  const cells: string[] = [];
  for (let at = 0; ; ) {
    const start = afterBlanks(text, at, delimiter);
    let end = text.indexOf(delimiter, at);
    if (end === -1) end = text.length;
    if (text[start] === '"') {
      const quote = closingQuote(text, start + 1);
      if (quote === -1) return { kind: "open", cells: [...cells, text.slice(start + 1)] };
      end = afterBlanks(text, quote + 1, delimiter);
      if (end < text.length && text[end] !== delimiter) return { kind: "wrong", cells };
      cells.push(text.slice(start + 1, quote).replaceAll('""', '"'));
    } else cells.push(text.slice(at, end));
    if (end >= text.length) return { kind: "cells", cells };
    at = end + 1;
  }
}

function closingQuote(text: string, from: number): number {
  let at = text.indexOf('"', from);
  while (at !== -1 && text[at + 1] === '"') at = text.indexOf('"', at + 2);
  return at;
}

function afterBlanks(text: string, from: number, delimiter: string): number {
  let at = from;
  while (text[at] === " " || (text[at] === "\t" && delimiter !== "\t")) at += 1;
  return at;
}
