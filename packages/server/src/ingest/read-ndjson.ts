import { readJson } from "../platform/read-json.ts";
import { asUtf8 } from "./as-utf8.ts";
import type { BadRow, ImportRow } from "./import-row.ts";
import { type Line, readLines } from "./read-lines.ts";

/** Longest call of the API; a line may hold some blanks more. */
const MOST_BYTES = 65_536;
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });

/** Segment calls or CloudEvents, one a line. */
export async function* readNdjson(bytes: AsyncIterable<Buffer>): AsyncGenerator<ImportRow | BadRow> {
  for await (const line of readLines(asUtf8(bytes), MOST_BYTES))
    if (line.bytes.toString("latin1").trim() !== "") yield readLine(line);
}

function readLine({ number, bytes: line, isCut }: Line): ImportRow | BadRow {
  const bad = (reason: string): BadRow => ({ kind: "bad", number, field: "", reason });
  if (isCut) return bad(`is too long: a line may have ${MOST_BYTES / 1_024} KB`);
  let text: string;
  try {
    text = utf8.decode(line);
  } catch {
    return bad("is not UTF-8");
  }
  let value: unknown;
  try {
    value = readJson(text);
  } catch (error) {
    return bad(`is not JSON: ${(error as Error).message}`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return bad("is not a JSON object");
  const call = value as Record<string, unknown>;
  if ("specversion" in call) return { kind: "row", number, format: "cloudevent", value: call, bytes: line.length };
  return { kind: "row", number, format: "segment", value: asHappened(call), bytes: line.length };
}

/**
 * What was recorded elsewhere happened when it says it happened: an export's own `sentAt` would be taken for the sender's
 * clock of today, and years would shrink to seconds.
 */
function asHappened({ sentAt: _, receivedAt: __, originalTimestamp, ...call }: Record<string, unknown>) {
  const timestamp = call.timestamp ?? originalTimestamp;
  return timestamp === undefined ? call : { ...call, timestamp };
}
