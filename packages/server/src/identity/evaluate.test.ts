import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";

import { evaluateCommand } from "./evaluate.ts";
import type { IdentityEvaluation } from "./evaluate-identity.ts";
import { scoreClusters } from "./score-clusters.ts";

const DATA = process.env.RAPPORT_DATA ?? join(import.meta.dirname, "../../../../../shared/data");
const FEBRL = join(DATA, "febrl/dataset1.csv");

async function run(...args: string[]): Promise<{ code: number; text: string }> {
  const lines: string[] = [];
  const code = await evaluateCommand(args, (line) => lines.push(line));
  return { code, text: lines.join("\n") };
}

async function fileOf(t: TestContext, text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "rapport-evaluate-"));
  t.after(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, "people.csv"), text);
  return join(folder, "people.csv");
}

test("pairs are counted: right, falsely merged and missed", () => {
  const scores = scoreClusters([[0, 1, 2], [3], [4]], ["a", "a", "b", "b", "c"]);
  assert.deepEqual(scores, { precision: 1 / 3, recall: 1 / 2, f1: 2 / 5, falseMerges: 2, missed: 1 });
});

test("faults are told: a missing column, a truth of another form, a command not understood", async (t) => {
  const faulty: [string, number, RegExp][] = [
    [await fileOf(t, "id, name\n1,a\n2,b\n"), 1, /people\.csv: has no column "rec_id"/],
    [await fileOf(t, "rec_id, name\n17,a\n18,b\n"), 1, /column "rec_id": "17" is not like rec-223-org/],
    [await fileOf(t, "rec_id, name\nrec-1-org,a\n"), 1, /holds 1 records/],
    ["/nowhere/people.csv", 1, /there is no such file/],
  ];
  for (const [file, code, message] of faulty) {
    const answer = await run("identity", "--data", file);
    assert.equal(answer.code, code);
    assert.match(answer.text, message);
  }
  for (const args of [[], ["identity"], ["weather", "--data", "x"]]) assert.equal((await run(...args)).code, 2);
});

test("on people with errors the model finds what an exact identifier misses", {
  skip: existsSync(FEBRL) ? false : `${FEBRL} is absent (set RAPPORT_DATA)`,
}, async () => {
  const { code, text } = await run("identity", "--data", FEBRL, "--json");
  assert.equal(code, 0);
  const [model, exact]: IdentityEvaluation["scores"] = JSON.parse(text).scores;
  assert.ok(model !== undefined && model.f1 >= 0.994 && model.falseMerges <= 1, text);
  assert.ok(exact !== undefined && exact.f1 < 0.96);
});

test("files put one after the other, each with its header, are read as one", {
  skip: existsSync(FEBRL) ? false : `${FEBRL} is absent (set RAPPORT_DATA)`,
}, async (t) => {
  const lines = (await readFile(FEBRL, "utf8")).trim().split("\n");
  const [header = "", ...records] = lines;
  const file = await fileOf(t, [header, ...records.slice(0, 100), header, ...records.slice(100, 200)].join("\n"));
  assert.match((await run("identity", "--data", file)).text, /^200 records/);
});
