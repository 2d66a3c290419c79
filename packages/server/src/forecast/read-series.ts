import { readFile } from "node:fs/promises";

import { BadFile } from "../platform/read-table.ts";

/** A series to back-test on: forecast `test` from `train`; `null` is a missing value. */
export type TestSeries = { id: string; frequency: number; train: (number | null)[]; test: (number | null)[] };

/**
 * Reads a JSONL file of `{ id, tsp: [start, end, frequency], train, test }` a line. Throws `BadFile` naming file, line
 * and field.
 */
export async function readSeries(file: string): Promise<TestSeries[]> {
  const text = await readFile(file, "utf8").catch((cause: NodeJS.ErrnoException) => {
    throw new BadFile(`${file}: cannot be read (${cause.code})`);
  });
  const lines = text.split("\n").map((line, i) => ({ line, at: `${file}: line ${i + 1}` }));
  const series = lines.filter(({ line }) => line.trim() !== "").map(({ line, at }) => parseSeries(line, at));
  if (series.length === 0) throw new BadFile(`${file}: holds no series`);
  return series;
}

function parseSeries(line: string, at: string): TestSeries {
  const record = parseRecord(line, at);
  const tsp = record.tsp;
  return {
    id: String(record.id ?? at),
    frequency: Array.isArray(tsp) && typeof tsp[2] === "number" ? tsp[2] : 1,
    train: numbersOf(record.train, `${at}: "train"`),
    test: numbersOf(record.test, `${at}: "test"`),
  };
}

function parseRecord(line: string, at: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new BadFile(`${at}: is not JSON`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new BadFile(`${at}: is not an object`);
  return { ...value };
}

function numbersOf(value: unknown, at: string): (number | null)[] {
  if (!Array.isArray(value) || value.length === 0) throw new BadFile(`${at} must be a list of numbers`);
  return value.map((one: unknown) => {
    if (one !== null && (typeof one !== "number" || !Number.isFinite(one)))
      throw new BadFile(`${at} holds ${JSON.stringify(one)}, which is not a number`);
    return one;
  });
}
