import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { simpleParser } from "mailparser";

import { BadFile } from "../platform/read-table.ts";
import { replyText } from "./reply-text.ts";

export type ReplyEvaluation = {
  replies: number;
  /** Exactly the text that was wanted, white space apart. */
  exact: number;
  /** Some of the reply is missing; more than the reply is left. */
  lost: number;
  left: number;
  wrong: string[];
};

type Sample = { name: string; mailText: string; wanted: string };

/**
 * Trims mails and compares with what a person wrote in them. The folder holds `emails/NAME` and `trimmed/NAME` (texts), or
 * mails `NAME.eml` with the reply in `NAME_reply_text`. Throws `BadFile`.
 */
export async function evaluateReplies(folder: string): Promise<ReplyEvaluation> {
  const samples = existsSync(join(folder, "trimmed")) ? textsOf(folder) : await mailsOf(folder);
  if (samples.length === 0)
    throw new BadFile(`${folder}: holds neither emails/ with trimmed/ nor NAME.eml with NAME_reply_text`);
  const found: ReplyEvaluation = { replies: samples.length, exact: 0, lost: 0, left: 0, wrong: [] };
  for (const { name, mailText, wanted } of samples) {
    const [got, want] = [plain(replyText(mailText)), plain(wanted)];
    if (got === want) {
      found.exact++;
      continue;
    }
    found.wrong.push(name);
    const linesGot = new Set(got.split("\n"));
    if (want.split("\n").some((line) => !linesGot.has(line))) found.lost++;
    else found.left++;
  }
  return found;
}

function textsOf(folder: string): Sample[] {
  const read = (part: string, name: string) => readFileSync(join(folder, part, name), "utf8");
  return readdirSync(join(folder, "trimmed"))
    .filter((name) => existsSync(join(folder, "emails", name)))
    .map((name) => ({ name, mailText: read("emails", name), wanted: read("trimmed", name) }));
}

async function mailsOf(folder: string): Promise<Sample[]> {
  const names = (existsSync(folder) ? readdirSync(folder) : []).filter((name) => name.endsWith("_reply_text"));
  return Promise.all(
    names.map(async (file) => {
      const name = file.replace(/_reply_text$/, "");
      const mail = await simpleParser(readFileSync(join(folder, `${name}.eml`)), { skipTextToHtml: true });
      return { name, mailText: mail.text ?? "", wanted: readFileSync(join(folder, file), "utf8") };
    }),
  );
}

const plain = (text: string): string =>
  text
    .split("\n")
    .map((line) => line.replace(/\s+/g, " ").trim())
    .filter((line) => line !== "")
    .join("\n");
