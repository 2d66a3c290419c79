import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { test } from "node:test";

import { readCsv } from "./read-csv.ts";
import { readNdjson } from "./read-ndjson.ts";

const MAP = new Map<string, string>();
/** Who each row is about, or what is wrong with it, by its line. */
async function csv(content: string | Buffer, chunk = 64_000): Promise<string[]> {
  const rows = await Array.fromAsync(readCsv(inChunks(content, chunk), MAP));
  return rows.map((row) => `${row.number} ${row.kind === "row" ? row.value.userId : `${row.field}: ${row.reason}`}`);
}
function inChunks(content: string | Buffer, size: number): AsyncIterable<Buffer> {
  const bytes = Buffer.from(content as string);
  const parts = Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) =>
    bytes.subarray(n * size, (n + 1) * size),
  );
  return Readable.from(parts);
}

const files: [what: string, content: string | Buffer, rows: string[]][] = [
  ["CR alone", "userId,n\r1,a\r2,b\r3,c", ["2 1", "3 2", "4 3"]],
  ["all kinds of line ends", "userId,n\r\n1,a\n2,b\r3,c\r\n\r\n4,d", ["2 1", "3 2", "4 3", "6 4"]],
  ["no line end at all", "userId,n\n1,a", ["2 1"]],
  ["a byte order mark and quoted names", '\ufeff"userId","n"\r\n"1","a"\r\n', ["2 1"]],
  ["UTF-16, little end first", Buffer.from("\ufeffuserId,n\r\nä1,a\r\n2,b", "utf16le"), ["2 ä1", "3 2"]],
  ["UTF-16, big end first", Buffer.from("\ufeffuserId,n\n1,a\n", "utf16le").swap16(), ["2 1"]],
  ["UTF-16 without a mark", Buffer.from("userId,n\n1,a\n", "utf16le"), ["2 1"]],
  ["one column", "userId\n1\n2\n", ["2 1", "3 2"]],
  ["one column and CR", "userId\r1\r2", ["2 1", "3 2"]],
  ["Excel's word for its delimiter", "sep=;\nuserId;n\n1;a,b\n", ["3 1"]],
  ["a delimiter within a quoted name", '"Name; full; first";note;userId\n1;2;3\n', ["2 3"]],
  ["pipes", "userId|n\n1|a\n", ["2 1"]],
  ["a quote within a cell", 'userId,n\n1,5" screen\n2,b\n', ["2 1", "3 2"]],
  ["blanks around quotes", 'userId,n\n1, "a, b" \n2,b\n', ["2 1", "3 2"]],
  ["a cell of several lines", 'userId,n\n1,"a\r\nb\rc"\n2,b\n', ["4 1", "5 2"]],
];
for (const [what, content, rows] of files)
  for (const chunk of [64_000, 7])
    test(`a file with ${what} is read whole, in pieces of ${chunk} bytes`, async () =>
      assert.deepEqual(await csv(content, what.startsWith("UTF-16") ? 64_000 : chunk), rows));

const NOT_CLOSED = ": opens a quote that is not closed as it should be";
const wrong: [what: string, content: string, rows: string[]][] = [
  ["that is never closed", 'userId,n\n1,a\n2,"b\n3,c\n4,d\n', ["2 1", `3 ${NOT_CLOSED}`, "4 3", "5 4"]],
  ["that the next quoted cell closes", 'userId,n\n1,"a\n2,"b"\n3,c\n', [`2 ${NOT_CLOSED}`, "3 2", "4 3"]],
  [
    "that a much later row closes",
    `userId,n\n1,"a\n${"x,y\n".repeat(3)}2,"b"\n`,
    [`2 ${NOT_CLOSED}`, "3 x", "4 x", "5 x", "6 2"],
  ],
  [
    "within quotes",
    'userId,n\n1,"a "b" c"\n2,b\n',
    ["2 : cell 2 has text after its closing quote: write quotes within quotes twice", "3 2"],
  ],
];
for (const [what, content, rows] of wrong)
  test(`a quote ${what} costs its own row alone`, async () => assert.deepEqual(await csv(content), rows));

test("a quote that is never closed in a long file costs its own row alone", async () => {
  const rows = await csv(`userId,n\n1,"a\n${"2,b\n".repeat(100_000)}`);
  assert.deepEqual([rows.length, rows[0], rows.at(-1)], [100_001, `2 ${NOT_CLOSED}`, "100002 2"]);
});

test("a row of more cells than a header of one column is told", async () => {
  assert.deepEqual(await csv("userId\n1;Ann\n2\n"), ["2 : has several cells, the header has 1 column", "3 2"]);
});

test("an id that a spreadsheet has cut names nobody", async () => {
  const [row] = await csv("userId,n\n9.00719925474099E+15,a\n");
  assert.match(row ?? "", /^2 userId: is 9.00719925474099E\+15: a spreadsheet has cut its last digits/);
});

test("a line that is too long is told by the column in which it was cut", async () => {
  const rows = await csv(`userId,city,notes\n1,Paris,${"x".repeat(70_000)}\n2,Oslo,y\n`);
  assert.deepEqual(rows, ["2 notes: is too long: a line may have 64 KB", "3 2"]);
});

test("lines of NDJSON end by whatever ends them, in UTF-16 too", async () => {
  const lines = ['{"type":"track","userId":"1"}', '{"type":"track","userId":"2"}', '{"type":"track","userId":"3"}'];
  const ends = [lines.join("\r"), `${lines[0]}\r\n${lines[1]}\n${lines[2]}\r`, `\ufeff${lines.join("\n")}`];
  for (const content of [...ends, Buffer.from(`\ufeff${lines.join("\r\n")}`, "utf16le")]) {
    const rows = await Array.fromAsync(readNdjson(inChunks(content, 64_000)));
    assert.deepEqual(
      rows.map((row) => (row.kind === "row" ? row.value.userId : row.reason)),
      ["1", "2", "3"],
    );
  }
});
