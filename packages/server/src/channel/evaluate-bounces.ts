import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { simpleParser } from "mailparser";

import { BadFile } from "../platform/read-table.ts";
import { readBounces } from "./read-bounces.ts";

export type BounceEvaluation = {
  bounces: number;
  /** Of those, told hard from soft as they should be, and with every reason named. */
  hardOrSoft: number;
  reason: number;
  /** Mails of the folder that are no bounces, and those of them that were taken for bounces. */
  others: number;
  falseBounces: string[];
  wrong: string[];
};

type Expected = { reason: string; hardbounce: boolean };

/** Reports that are no bounces, by the names that the truth gives them. */
const NO_BOUNCE = new Set(["feedback", "vacation"]);
const NAMED_NO_BOUNCE = /^(is-not-bounce|rfc3834)/;
/** Where the truth abbreviates our word. */
const SHORT: Record<string, string> = { suspended: "suspend", toomanyconnections: "toomanyconn" };

/**
 * Reads the mails of a folder (`*.eml`) and compares with its `expected.json`: by file name the list of `reason` (our
 * words without hyphens, or as Sisimai abbreviates them) and `hardbounce`. Of those not listed, `is-not-bounce…` and `rfc3834…` (automatic answers) are none. Throws `BadFile`.
 */
export async function evaluateBounces(folder: string): Promise<BounceEvaluation> {
  const truth = join(folder, "expected.json");
  if (!existsSync(truth)) throw new BadFile(`${truth}: there is no such file`);
  const expected: Record<string, Expected[]> = JSON.parse(readFileSync(truth, "utf8"));
  const found: BounceEvaluation = { bounces: 0, hardOrSoft: 0, reason: 0, others: 0, falseBounces: [], wrong: [] };
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".eml"))) {
    if (!(file in expected) && !NAMED_NO_BOUNCE.test(file)) continue;
    const mail = await simpleParser(readFileSync(join(folder, file)), {
      keepDeliveryStatus: true,
      skipTextToHtml: true,
    });
    const bounces = readBounces(mail);
    const wanted = (expected[file] ?? []).filter(({ reason }) => !NO_BOUNCE.has(reason));
    if (wanted.length === 0) {
      found.others++;
      if (bounces.length > 0) found.falseBounces.push(file);
      continue;
    }
    const reasons = bounces.map(({ reason }) => reason.replaceAll("-", "")).map((name) => SHORT[name] ?? name);
    const isHardRight =
      bounces.length > 0 && bounces.some(({ hard }) => hard) === wanted.some(({ hardbounce }) => hardbounce);
    const isReasonRight = wanted.every(({ reason }) => reasons.includes(reason));
    found.bounces++;
    if (isHardRight) found.hardOrSoft++;
    if (isReasonRight) found.reason++;
    if (!isHardRight || !isReasonRight)
      found.wrong.push(
        `${file}: ${reasons.join(" ") || "no bounce"}, not ${wanted.map(({ reason }) => reason).join(" ")}`,
      );
  }
  return found;
}
