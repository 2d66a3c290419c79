import { createHash } from "node:crypto";
import { createReadStream, createWriteStream, type WriteStream } from "node:fs";
import { access } from "node:fs/promises";
import { finished } from "node:stream/promises";
import { parseArgs } from "node:util";

import { openOutboundHttp } from "../platform/outbound-http.ts";
import { BadFile } from "../platform/read-table.ts";
import {
  type Checkpoint,
  fingerprintOf,
  forgetCheckpoint,
  readCheckpoint,
  saveCheckpoint,
} from "./import-checkpoint.ts";
import type { BadRow, ImportRow } from "./import-row.ts";
import { readCsv } from "./read-csv.ts";
import { readNdjson } from "./read-ndjson.ts";
import { ImportStopped, sendRows } from "./send-rows.ts";
import { columnTypesOf, toldTypes, withColumnTypes } from "./type-columns.ts";

const USAGE =
  "rapport import FILE.ndjson|FILE.csv --url http://HUB --key WRITE_KEY [--map userId=COLUMN,email=COLUMN] [--resume]";
const BATCH_BYTES = 400_000;
const CALL_BYTES = 32_768;
const PROGRESS_MS = 1_000;

type Asked = { path: string; url: string; key: string; map: Map<string, string>; resume: boolean };

/**
 * `rapport import`: sends a file of Segment calls or CloudEvents (NDJSON), or of customers (CSV), through the HTTP API.
 * What is refused stands in FILE.errors.csv with its row and reason. An import that was interrupted goes on with
 * `--resume`; a row sent twice counts once. Answers the exit code: 0, 1 when it stopped (the line says why), 2 when the
 * command is not understood.
 */
export async function importCommand(args: string[], out: (line: string) => void): Promise<number> {
  const asked = readArguments(args);
  if (typeof asked === "string") {
    for (const line of [asked, USAGE]) out(line);
    return 2;
  }
  try {
    const { accepted, refused } = await importFile(asked, out);
    out(`imported ${accepted} rows${refused > 0 ? `; ${refused} were refused: see ${asked.path}.errors.csv` : ""}`);
    return 0;
  } catch (fault) {
    if (fault instanceof BadFile) out(fault.message);
    else if (fault instanceof ImportStopped) out(`stopped: ${fault.message}. Go on with --resume`);
    else throw fault;
    return 1;
  }
}

function readArguments(args: string[]): Asked | string {
  const text = { type: "string" } as const;
  const options = { url: text, key: text, map: text, resume: { type: "boolean" } } as const;
  try {
    const { values, positionals } = parseArgs({ args, allowPositionals: true, options });
    const [path] = positionals;
    if (!path || positionals.length > 1) return "name one file";
    if (!values.url || !URL.canParse(values.url)) return "--url is missing, or no address";
    if (!values.key) return "--key is missing";
    const pairs = (values.map ?? "").split(",").filter((pair) => pair !== "");
    const wrong = pairs.find((pair) => !/^[^=]+=.+$/.test(pair));
    if (wrong) return `--map takes NAME=COLUMN, not "${wrong}"`;
    const map = new Map(pairs.map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]));
    return { path, url: values.url.replace(/\/$/, ""), key: values.key, map, resume: values.resume === true };
  } catch (fault) {
    return (fault as Error).message;
  }
}

async function importFile({ path, url, key, map, resume }: Asked, out: (line: string) => void): Promise<Checkpoint> {
  await access(path).catch(() => {
    throw new BadFile(`${path}: there is no such file, or it may not be read`);
  });
  const file = await fingerprintOf(path);
  const before = resume ? await readCheckpoint(path, file) : null;
  const done: Checkpoint = before ?? { file, row: 0, accepted: 0, refused: 0 };
  const outbound = openOutboundHttp({
    allowHosts: [new URL(url).host],
    timeoutMs: 60_000,
    largestAnswerBytes: 1_000_000,
  });
  const errors = openErrors(`${path}.errors.csv`, before !== null);
  let shownAt = performance.now();

  try {
    const rows = /\.(csv|tsv)$/i.test(path) ? await typedRows(path, map, out) : readNdjson(bytesOf(path));
    for await (const { good, bad, last } of batchesOf(rows, done.row)) {
      const refused = [
        ...bad,
        ...(await sendRows(
          { outbound, url, key },
          good.map((row) => withId(row, file)),
        )),
      ];
      for (const one of refused.sort((a, b) => a.number - b.number)) errors.add(one);
      done.row = last;
      done.accepted += good.length + bad.length - refused.length;
      done.refused += refused.length;
      await saveCheckpoint(path, done);
      if (performance.now() - shownAt < PROGRESS_MS) continue;
      shownAt = performance.now();
      out(`row ${done.row}: ${done.accepted} accepted, ${done.refused} refused`);
    }
  } finally {
    outbound.close();
    await errors.close();
  }
  await forgetCheckpoint(path);
  return done;
}

const bytesOf = (path: string): AsyncIterable<Buffer> => createReadStream(path);

/** A column's type is known when all of it has been read: the file is read twice. */
async function typedRows(
  path: string,
  map: Asked["map"],
  out: (line: string) => void,
): Promise<AsyncIterable<ImportRow | BadRow>> {
  const types = await columnTypesOf(readCsv(bytesOf(path), map));
  const told = toldTypes(types);
  if (told !== null) out(told);
  return withColumnTypes(readCsv(bytesOf(path), map), types);
}

type Batch = { good: ImportRow[]; bad: BadRow[]; last: number };

/** Rows after `from`, gathered up to the size of a batch; each batch of one format. */
async function* batchesOf(rows: AsyncIterable<ImportRow | BadRow>, from: number): AsyncGenerator<Batch> {
  let batch: Batch = { good: [], bad: [], last: 0 };
  let bytes = 0;
  for await (const row of rows) {
    if (row.number <= from) continue;
    const next = row.kind === "row" && row.bytes > CALL_BYTES ? tooLong(row) : row;
    const size = next.kind === "row" ? next.bytes + 200 : 0;
    const other = next.kind === "row" && batch.good[0] && batch.good[0].format !== next.format;
    if (other || bytes + size > BATCH_BYTES || batch.bad.length >= 1_000) {
      yield batch;
      batch = { good: [], bad: [], last: 0 };
      bytes = 0;
    }
    if (next.kind === "row") batch.good.push(next);
    else batch.bad.push(next);
    batch.last = row.number;
    bytes += size;
  }
  if (batch.last > 0) yield batch;
}

/** Told by its largest field, which is what makes it so. */
function tooLong({ number, value, bytes }: ImportRow): BadRow {
  const inner = [value.traits, value.properties, value.context, value.data].flatMap((part) =>
    Object.entries(part ?? {}),
  );
  const sizes = [...inner, ...Object.entries(value)]
    .filter(([, field]) => typeof field !== "object" || field === null || inner.some(([, one]) => one === field))
    .map(([name, field]) => ({ name, kb: Math.ceil(Buffer.byteLength(JSON.stringify(field) ?? "") / 1_024) }));
  const [largest] = sizes.sort((a, b) => b.kb - a.kb);
  const reason = `makes the row too large: ${largest?.kb} KB of ${Math.ceil(bytes / 1_024)}, and a row may have ${CALL_BYTES / 1_024}`;
  return { kind: "bad", number, field: largest?.name ?? "", reason };
}

/** A row without an id gets one that this row of this file always has, so that it counts once however often it is sent. */
function withId(row: ImportRow, file: string): ImportRow {
  if (row.format !== "segment" || row.value.messageId !== undefined) return row;
  const hash = createHash("sha256").update(`${file} ${row.number}`).digest("base64url");
  return { ...row, value: { ...row.value, messageId: `import/${hash}` } };
}

/** FILE.errors.csv, begun when there is something to tell. A cell never begins as a formula would. */
function openErrors(path: string, append: boolean): { add(bad: BadRow): void; close(): Promise<void> } {
  let stream: WriteStream | null = null;
  const cell = (text: string) => `"${(/^[=+\-@\t\r]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
  return {
    add({ number, field, reason }) {
      if (!stream) {
        stream = createWriteStream(path, { flags: append ? "a" : "w" });
        if (!append) stream.write("row,field,reason\n");
      }
      stream.write(`${number},${cell(field)},${cell(reason)}\n`);
    },
    async close() {
      if (!stream) return;
      stream.end();
      await finished(stream);
    },
  };
}
