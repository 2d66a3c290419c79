import { readFile } from "node:fs/promises";

import { parse } from "csv-parse/sync";

/** A CSV file by column: `column(name)` gives its position, `rows` the trimmed cells without the header. */
export type Table = { file: string; names: string[]; rows: string[][]; column(name: string): number };

/** What is wrong with a file that was given to a command, in words for the person who gave it. */
export class BadFile extends Error {
  override name = "BadFile";
}

/** Reads a CSV file: header names in any case and order, with or without spaces around; extra columns are ignored. */
export async function readTable(file: string): Promise<Table> {
  const text = await readFile(file, "utf8").catch((cause: NodeJS.ErrnoException) => {
    throw new BadFile(
      cause.code === "ENOENT" ? `${file}: there is no such file` : `${file}: cannot be read (${cause.code})`,
    );
  });
  const [header, ...rows] = parseCsv(file, text);
  if (header === undefined) throw new BadFile(`${file}: is empty, a header row was expected`);
  const names = header.map((name) => name.toLowerCase());
  return {
    file,
    names,
    rows,
    column(name) {
      const position = names.indexOf(name);
      if (position === -1) throw new BadFile(`${file}: has no column "${name}" (it has ${header.join(", ")})`);
      return position;
    },
  };
}

function parseCsv(file: string, text: string): string[][] {
  try {
    return parse(text, { bom: true, trim: true, skip_empty_lines: true, relax_column_count: true, relax_quotes: true });
  } catch (cause) {
    throw new BadFile(`${file}: is not CSV: ${cause instanceof Error ? cause.message : cause}`);
  }
}

/** The cell as a number; names file, column and line where it is none. */
export function numberIn(table: Table, row: number, name: string): number {
  const text = table.rows[row]?.[table.column(name)] ?? "";
  const value = text === "" ? Number.NaN : Number(text);
  if (!Number.isFinite(value))
    throw new BadFile(`${table.file}: line ${row + 2}, column "${name}": "${text}" is not a number`);
  return value;
}

/** The cell as an epoch day (`YYYY-MM-DD`, a time after it is ignored), or null where it is empty. */
export function dayIn(table: Table, row: number, name: string): number | null {
  const text = table.rows[row]?.[table.column(name)] ?? "";
  if (text === "") return null;
  const day = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text.slice(0, 10)) / 86_400_000 : Number.NaN;
  if (!Number.isFinite(day))
    throw new BadFile(`${table.file}: line ${row + 2}, column "${name}": "${text}" is not a date (YYYY-MM-DD)`);
  return day;
}
