import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { ORIGINS } from "@rapport/contract/origin";

const ROOT = join(import.meta.dirname, "..");
const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");
const chapter = read("docs/security.md");

/** Files that a text names between backticks, by a name that ends as files of ours do. */
const filesIn = (text: string): string[] =>
  [...text.matchAll(/`([\w./-]+\/[\w.-]+\.(?:test\.ts|ts|tsx|md))`/g)].map(([, path = ""]) => path);
const missingIn = (text: string): string[] => filesIn(text).filter((path) => !existsSync(join(ROOT, path)));

test("every file that the chapter on security names is there", () => {
  assert.ok(filesIn(chapter).filter((path) => path.endsWith(".test.ts")).length > 40);
  assert.deepEqual(missingIn(chapter), []);
});

test("a test that was renamed would be missed", () => {
  assert.deepEqual(missingIn("held by `packages/server/src/ingest/no-such.test.ts`"), [
    "packages/server/src/ingest/no-such.test.ts",
  ]);
});

test("every origin has its line in the table of origins, from what is believed most to what is believed least", () => {
  const lines = [...chapter.matchAll(/^\| `([a-z-]+)` +\| /gm)].map(([, origin]) => origin);
  assert.deepEqual(lines, [...ORIGINS]);
});

test("every attack of the list has its line, with a test or the reason why there is none", () => {
  const lines = [...chapter.matchAll(/^\| S(\d+) [^|]+\| (.+?) +\|$/gm)];
  assert.deepEqual(
    lines.map(([, number]) => Number(number)),
    Array.from({ length: 36 }, (_, index) => index + 1),
  );
  for (const [line, , held = ""] of lines)
    assert.ok(filesIn(held).length > 0 || /No such door|Not yet/.test(held), line);
});

for (const path of ["README.md", "CONTRIBUTING.md", "docs/architecture.md", "docs/decisions/0016-origins.md"])
  test(`${path} leads to the chapter`, () => assert.match(read(path), /\((docs\/|\.\.\/)?security\.md(#[a-z-]+)?\)/));
