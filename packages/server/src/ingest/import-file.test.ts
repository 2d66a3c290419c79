import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { Readable } from "node:stream";
import { after, before, test } from "node:test";

import { Refused } from "../platform/http/problem.ts";
import { type ImportingHub, openImportingHub } from "../importing-hub.ts";
import type { TestHub } from "../test-hub.ts";
import { importCommand } from "./import-file.ts";
import { readCsv } from "./read-csv.ts";
import { readNdjson } from "./read-ndjson.ts";

let importing: ImportingHub;
let hub: TestHub;
before(async () => {
  importing = await openImportingHub();
  hub = importing.hub;
});
after(() => importing.end());

const aFile = (name: string, content: string | Buffer): string => importing.aFile(name, content);

async function run(path: string, ...more: string[]): Promise<{ code: number; said: string }> {
  const { code, said } = await importing.run(path, ...more);
  return { code, said: said.join("\n") };
}

type Found = { customerId: string; name: string | null; events: number; email: string | null };
const search = async (q: string) =>
  ((await hub.call("GET", `/api/customers?q=${encodeURIComponent(q)}`)).body as { customers: Found[] }).customers;
const seen = async (q: string) => {
  const [found] = await search(q);
  const { body } = await hub.call("GET", `/api/customers/${found?.customerId}/timeline`);
  return (body as { events: { name: string; at: number }[] }).events;
};

test("customers of a CSV file are known by their columns' names, whatever Excel made of the file", async () => {
  const csv = `\ufeffuser_id;Name;Email;City\r\ncsv-1;"Lee, ""Ann""";ann@csv.example;Paris\r\ncsv-2;Bob;;"New\r\nYork"\r\n`;
  const { code, said } = await run(aFile("customers.csv", csv));
  assert.deepEqual([code, said], [0, "imported 2 rows"]);
  assert.equal((await search("ann@csv.example"))[0]?.name, 'Lee, "Ann"');
  assert.equal((await search("csv-2"))[0]?.name, "Bob");
});

test("columns are mapped to what they mean", async () => {
  const path = aFile("mapped.csv", "Kunde,Postfach\nmapped-1,mia@mapped.example\n");
  assert.equal((await run(path, "--map", "userId=Kunde,email=Postfach")).code, 0);
  assert.equal((await search("mapped-1"))[0]?.email, "mia@mapped.example");
});

test("Segment calls and CloudEvents of an NDJSON file keep the time at which they happened", async () => {
  const lines = [
    { type: "track", userId: "nd-1", event: "Old", timestamp: "2024-01-02T03:04:05Z", sentAt: "2024-01-02T03:04:06Z" },
    {
      type: "track",
      userId: "nd-1",
      event: "Older",
      originalTimestamp: "2023-01-02T03:04:05Z",
      sentAt: "2023-01-02T03:04:06Z",
    },
    { specversion: "1.0", id: "7", source: "/x", type: "paid", subject: "nd-1", time: "2022-01-02T03:04:05Z" },
  ];
  const path = aFile("events.ndjson", `${lines.map((line) => JSON.stringify(line)).join("\n")}\n\n`);
  assert.equal((await run(path)).said, "imported 3 rows");
  assert.deepEqual(
    (await seen("nd-1")).map((event) => [event.name, new Date(event.at).getUTCFullYear()]),
    [
      ["Old", 2024],
      ["Older", 2023],
      ["paid", 2022],
    ],
  );
});

test("what is wrong stands in the file of errors with its row and reason, and the rest is imported", async () => {
  const lines = [
    '{"type":"track","userId":"rows-1","event":"Good"}',
    "{nonsense",
    '{"type":"track","userId":"rows-1"}',
    `{"type":"track","userId":"rows-1","event":"${"x".repeat(40_000)}"}`,
    "x".repeat(200_000),
    '[{"type":"track"}]',
    '{"specversion":"1.0","id":"1","source":"/x","type":"t"}',
    '{"type":"=cmd()","userId":"rows-1"}',
    '{"type":"track","userId":"rows-1","event":"Good too"}',
  ];
  const path = aFile(
    "rows.ndjson",
    Buffer.concat([Buffer.from(lines.join("\n")), Buffer.from("\n\xff\xfe{}\n", "latin1")]),
  );
  const { code, said } = await run(path);
  assert.equal(code, 0);
  assert.equal(said, `imported 2 rows; 8 were refused: see ${path}.errors.csv`);
  const told = readFileSync(`${path}.errors.csv`, "utf8")
    .trim()
    .split("\n")
    .map((line) => line.split(",").slice(0, 2).join());
  assert.deepEqual(told, [
    "row,field",
    '2,""',
    '3,"event"',
    '4,"event"',
    '5,""',
    '6,""',
    '7,"subject"',
    '8,"type"',
    '10,""',
  ]);
  assert.deepEqual((await seen("rows-1")).map((event) => event.name).sort(), ["Good", "Good too"]);
});

test("the same file imported twice counts once", async () => {
  const path = aFile("twice.csv", "userId,plan\ntwice-1,surf\n");
  await run(path);
  await run(path);
  assert.equal((await search("twice-1"))[0]?.events, 1);
});

test("an interrupted import goes on where it stopped, and nothing counts twice", async () => {
  const rows = Array.from({ length: 6_000 }, (_, n) => `resume-${n % 40},${"x".repeat(200)}${n}`);
  const path = aFile("resume.csv", `userId,note\n,nobody\n${rows.join("\n")}\n`);
  const { accept } = hub.acceptor;
  let batches = 0;
  hub.acceptor.accept = async (frame, events) => {
    if (++batches > 2) throw new Refused("access/not-allowed", "the door was closed");
    await accept(frame, events);
  };
  const stopped = await run(path);
  hub.acceptor.accept = accept;
  assert.equal(stopped.code, 1);
  assert.match(stopped.said, /stopped: the hub answered 403.*--resume/s);
  const { row, accepted } = JSON.parse(readFileSync(`${path}.import.json`, "utf8")) as {
    row: number;
    accepted: number;
  };
  assert.ok(row > 1_000 && row < 6_000 && accepted === row - 2, `${row} ${accepted}`);

  // On a busy machine it tells of its progress before.
  const lastSaid = (await run(path, "--resume")).said.split("\n").at(-1);
  assert.equal(lastSaid, `imported 6000 rows; 1 were refused: see ${path}.errors.csv`);
  const counts = await Promise.all(
    Array.from({ length: 40 }, async (_, n) => (await search(`resume-${n}`))[0]?.events),
  );
  assert.deepEqual(
    counts,
    Array.from({ length: 40 }, () => 150),
  );
  assert.equal(existsSync(`${path}.import.json`), false);
});

test("a file that has changed since it was interrupted is not resumed", async () => {
  const path = aFile("changed.csv", "userId\nchanged-1\n");
  aFile("changed.csv.import.json", JSON.stringify({ file: "another", row: 1, accepted: 1, refused: 0 }));
  assert.match((await run(path, "--resume")).said, /has changed since/);
});

const headers: [what: string, csv: string | Buffer, said: RegExp][] = [
  ["two columns of one name", "userId,city,city\n1,a,b\n", /two columns say "city"/],
  ["two that mean the same", "userId,user_id\n1,2\n", /two columns say "userId"/],
  ["a column called __proto__", "userId,__proto__\n1,x\n", /"__proto__" cannot name a column/],
  ["a column without a name", "userId,\n1,x\n", /column 2 has no name/],
  ["nothing that says who", "city\nParis\n", /--map userId="city"/],
  [
    "more columns than a table has",
    `userId,${Array.from({ length: 5_000 }, (_, n) => `c${n}`).join()}\n`,
    /5001 columns/,
  ],
  ["nothing at all", "", /empty/],
  ["a quote in its header that never closes", 'userId,"x\n1,2\n', /the header cannot be read/],
];
for (const [what, csv, said] of headers) {
  test(`a CSV file with ${what} is refused with words`, async () => {
    const answer = await run(aFile("header.csv", csv));
    assert.equal(answer.code, 1);
    assert.match(answer.said, said);
  });
}

test("a mapping that names no column, a file that is not there and a wrong key are told in words", async () => {
  const path = aFile("words.csv", "userId\nwords-1\n");
  assert.match((await run(path, "--map", "email=Mail")).said, /there is no column "Mail"/);
  assert.match((await run("absent.csv")).said, /there is no such file/);
  const said: string[] = [];
  assert.equal(await importCommand([path, "--url", importing.url, "--key", "wrong"], (line) => said.push(line)), 1);
  assert.match(said.join(), /401/);
  assert.equal(await importCommand([path], (line) => said.push(line)), 2);
});

async function* flood(head: string, megabytes: number, tail: string): AsyncGenerator<Buffer> {
  yield Buffer.from(head);
  const block = Buffer.alloc(1_000_000, "x");
  for (let n = 0; n < megabytes; n++) yield block;
  yield Buffer.from(tail);
}

test("a row without an end is passed by in bounded memory, and the next is read", async () => {
  const before = process.memoryUsage().rss;
  const ndjson = await Array.fromAsync(readNdjson(flood('{"a":"', 200, '"}\n{"type":"track"}\n')));
  assert.deepEqual(
    ndjson.map((row) => [row.kind, row.number]),
    [
      ["bad", 1],
      ["row", 2],
    ],
  );
  const csv = await Array.fromAsync(readCsv(flood("userId,x\n1,", 200, "\n2,y\n"), new Map()));
  assert.deepEqual(
    csv.map((row) => [row.kind, row.number]),
    [
      ["bad", 2],
      ["row", 3],
    ],
  );
  assert.ok(process.memoryUsage().rss - before < 150_000_000);
});

test("cells that are no text, or too many, are refused by row", async () => {
  const bytes = Buffer.from("userId,x\n1,a\0b\n2,\xff\xfe\n3,a,b,c\n,\n5,fine\n", "latin1");
  const rows = await Array.fromAsync(readCsv(Readable.from([bytes]), new Map()));
  assert.deepEqual(
    rows.map((row) => (row.kind === "bad" ? row.reason : "")),
    ["holds a NUL", "is not UTF-8", "has 4 cells, the header has 2 columns", "says nothing of who it is about", ""],
  );
});
