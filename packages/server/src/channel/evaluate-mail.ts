import { parseArgs } from "node:util";

import { BadFile } from "../platform/read-table.ts";
import { evaluateBounces } from "./evaluate-bounces.ts";
import { evaluateReplies } from "./evaluate-replies.ts";

const USAGE = "rapport evaluate bounces|replies --data DIR [--verbose]";

/**
 * `rapport evaluate bounces` and `rapport evaluate replies`: how well incoming mail is understood. Answers the exit code:
 * 0, 1 when the data cannot be read, 2 when the command is not understood.
 */
export async function evaluateMailCommand(args: string[], out: (line: string) => void): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { data: { type: "string" }, verbose: { type: "boolean" } },
  });
  const [what] = positionals;
  if (values.data === undefined || (what !== "bounces" && what !== "replies")) {
    out(USAGE);
    return 2;
  }
  try {
    const { told, wrong } = what === "bounces" ? await bounces(values.data) : await replies(values.data);
    for (const line of [...told, ...(values.verbose ? wrong : [])]) out(line);
    return 0;
  } catch (fault) {
    if (!(fault instanceof BadFile)) throw fault;
    out(fault.message);
    return 1;
  }
}

const share = (part: number, whole: number): string => `${((100 * part) / Math.max(1, whole)).toFixed(1)} %`;

async function bounces(folder: string) {
  const found = await evaluateBounces(folder);
  const told = [
    `${found.bounces} bounces: hard or soft ${share(found.hardOrSoft, found.bounces)}, reason ${share(found.reason, found.bounces)}`,
    `${found.others} other mails, ${found.falseBounces.length} of them taken for bounces`,
  ];
  return { told, wrong: [...found.wrong, ...found.falseBounces] };
}

async function replies(folder: string) {
  const { replies: all, exact, lost, left, wrong } = await evaluateReplies(folder);
  return {
    told: [`${all} replies: ${exact} exact (${share(exact, all)}), ${lost} lost words, ${left} kept too much`],
    wrong,
  };
}
