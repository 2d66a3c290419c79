import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";

import { evaluateMailCommand } from "./evaluate-mail.ts";

async function run(...args: string[]): Promise<{ code: number; told: string[] }> {
  const told: string[] = [];
  return { code: await evaluateMailCommand(args, (line) => told.push(line)), told };
}

async function folderOf(t: TestContext, files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "rapport-evaluate-"));
  t.after(() => rm(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(folder, name, ".."), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return folder;
}

const aBounce =
  "From: MAILER-DAEMON@mx.example\r\nSubject: Undelivered Mail\r\n\r\n<a@b.example>: 550 5.1.1 User unknown\r\n";

test("bounces are counted by what is expected of each, and what is none must not be taken for one", async (t) => {
  const folder = await folderOf(t, {
    "right.eml": aBounce,
    "wrong.eml": aBounce,
    "unlisted.eml": aBounce,
    "is-not-bounce-1.eml": aBounce,
    "expected.json": JSON.stringify({
      "right.eml": [{ reason: "userunknown", hardbounce: true }],
      "wrong.eml": [{ reason: "mailboxfull", hardbounce: false }],
    }),
  });
  assert.deepEqual(await run("bounces", "--data", folder, "--verbose"), {
    code: 0,
    told: [
      "2 bounces: hard or soft 50.0 %, reason 50.0 %",
      "1 other mails, 1 of them taken for bounces",
      "wrong.eml: userunknown, not mailboxfull",
      "is-not-bounce-1.eml",
    ],
  });
});

test("replies are counted: exact, with words lost, with too much left", async (t) => {
  const folder = await folderOf(t, {
    "emails/exact": "Yes\n\nOn Mon, 2 Nov 2026, Hub wrote:\n> Well?\n",
    "trimmed/exact": "Yes\n",
    "emails/lost": "Yes\n-- \nAnn\n",
    "trimmed/lost": "Yes\nAnn",
    "emails/left": "Yes\nof course",
    "trimmed/left": "Yes",
  });
  assert.deepEqual(await run("replies", "--data", folder), {
    code: 0,
    told: ["3 replies: 1 exact (33.3 %), 1 lost words, 1 kept too much"],
  });
});

test("mails with the reply beside them are read, too", async (t) => {
  const folder = await folderOf(t, {
    "one.eml": "From: a@b.example\r\n\r\nYes\r\n> no\r\n",
    one_reply_text: "Yes",
  });
  assert.deepEqual((await run("replies", "--data", folder)).told, [
    "1 replies: 1 exact (100.0 %), 0 lost words, 0 kept too much",
  ]);
});

test("faults are told: no data, no truth, a command not understood", async (t) => {
  const empty = await folderOf(t, {});
  assert.deepEqual(
    [(await run("bounces", "--data", empty)).code, (await run("replies", "--data", empty)).code],
    [1, 1],
  );
  for (const args of [[], ["bounces"], ["weather", "--data", empty]]) assert.equal((await run(...args)).code, 2);
});
