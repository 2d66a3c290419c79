import { parseArgs } from "node:util";

import { BadFile } from "../platform/read-table.ts";
import { evaluateIdentity, type IdentityEvaluation, type IdentityMethod } from "./evaluate-identity.ts";

const USAGE = "rapport evaluate identity --data FILE.csv [--json]";
const NAMES: Record<IdentityMethod, string> = { model: "model", exactId: "exact soc_sec_id" };

/**
 * `rapport evaluate identity`: how well records of one person are found. Answers the exit code: 0, 1 when the data
 * cannot be read, 2 when the command is not understood.
 */
export async function evaluateCommand(args: string[], out: (line: string) => void): Promise<number> {
  const asked = readArguments(args);
  if (typeof asked === "string") {
    out(asked);
    out(USAGE);
    return 2;
  }
  try {
    const evaluation = await evaluateIdentity(asked.data);
    for (const line of asked.json ? [JSON.stringify(evaluation)] : printEvaluation(evaluation)) out(line);
    return 0;
  } catch (fault) {
    if (!(fault instanceof BadFile)) throw fault;
    out(fault.message);
    return 1;
  }
}

function readArguments(args: string[]): { data: string; json: boolean } | string {
  try {
    const options = { data: { type: "string" }, json: { type: "boolean" } } as const;
    const { values, positionals } = parseArgs({ args, allowPositionals: true, options });
    if (positionals[0] !== "identity") return `there is no evaluation "${positionals[0] ?? ""}"`;
    return values.data === undefined ? "--data is missing" : { data: values.data, json: values.json ?? false };
  } catch (fault) {
    return fault instanceof Error ? fault.message : String(fault);
  }
}

function printEvaluation({
  records,
  people,
  fields,
  suggestions,
  suggestionsRight,
  scores,
}: IdentityEvaluation): string[] {
  const cells = (values: string[]) => values.map((value) => value.padStart(14)).join("");
  const figure = (value: number) => (Number.isNaN(value) ? "–" : value.toFixed(4));
  return [
    `${records} records of ${people} people, matched on ${fields.join(", ")}`,
    `${suggestions} suggestions, ${figure(suggestionsRight)} of them right`,
    `${"pairwise".padEnd(18)}${cells(["precision", "recall", "F1", "false merges", "missed"])}`,
    ...scores.map(({ method, precision, recall, f1, falseMerges, missed }) => {
      const counts = [falseMerges, missed].map(String);
      return `${NAMES[method].padEnd(18)}${cells([...[precision, recall, f1].map(figure), ...counts])}`;
    }),
  ];
}
