import type { BadRow, Row } from "./import-row.ts";

const NEWLINE = 10;

/** Lines of a byte stream with their numbers from 1, empty ones left out. A line above `mostBytes` is passed by, not kept in memory. */
export async function* readLines(
  bytes: AsyncIterable<Buffer>,
  mostBytes: number,
): AsyncGenerator<Row<Buffer> | BadRow> {
  let number = 1;
  let parts: Buffer[] = [];
  let length = 0;
  const take = (part: Buffer) => {
    length += part.length;
    if (length <= mostBytes) parts.push(part);
    else parts = [];
  };
  const finish = (): Row<Buffer> | BadRow | null => {
    const line: Row<Buffer> | BadRow =
      length > mostBytes
        ? { kind: "bad", number, field: "", reason: `is longer than ${mostBytes} bytes` }
        : { kind: "row", number, value: Buffer.concat(parts) };
    number += 1;
    parts = [];
    length = 0;
    return line.kind === "row" && line.value.toString("latin1").trim() === "" ? null : line;
  };

  for await (const chunk of bytes) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      take(chunk.subarray(start, end));
      const line = finish();
      if (line) yield line;
      start = end + 1;
    }
    take(chunk.subarray(start));
  }
  const last = finish();
  if (last) yield last;
}
