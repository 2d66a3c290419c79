import { parseArgs } from "node:util";

import { backtestSeries } from "./backtest-series.ts";
import { backtestUsage } from "./backtest-usage.ts";
import { printSeriesBacktest } from "./print-series-backtest.ts";
import { printUsageBacktest } from "./print-usage-backtest.ts";
import { BadFile } from "../platform/read-table.ts";

const USAGE = [
  "rapport backtest usage  --data FOLDER [--threshold 0.5] [--json]",
  "rapport backtest series --data FILE.jsonl [--period N] [--horizon N] [--limit N] [--json]",
];

/**
 * `rapport backtest usage|series`: forecasts the past and prints how well. Answers the exit code: 0, 1 when the data
 * cannot be read (the line says which file and column), 2 when the command is not understood.
 */
export async function backtestCommand(args: string[], out: (line: string) => void): Promise<number> {
  const asked = readArguments(args);
  if (typeof asked === "string") {
    for (const line of [asked, ...USAGE]) out(line);
    return 2;
  }
  try {
    for (const line of asked.what === "usage" ? await usageLines(asked) : await seriesLines(asked)) out(line);
    return 0;
  } catch (fault) {
    if (!(fault instanceof BadFile)) throw fault;
    out(fault.message);
    return 1;
  }
}

type Asked = { what: string; data: string; json: boolean; numbers: Partial<Record<NumberOption, number>> };
const NUMBER_OPTIONS = ["threshold", "period", "horizon", "limit"] as const;
type NumberOption = (typeof NUMBER_OPTIONS)[number];

function readArguments(args: string[]): Asked | string {
  let parsed: { values: Record<string, string | boolean | undefined>; positionals: string[] };
  try {
    const text = { type: "string" } as const;
    const options = {
      data: text,
      json: { type: "boolean" },
      threshold: text,
      period: text,
      horizon: text,
      limit: text,
    } as const;
    parsed = parseArgs({ args, allowPositionals: true, options });
  } catch (fault) {
    return fault instanceof Error ? fault.message : String(fault);
  }
  const { values, positionals } = parsed;
  const [what = ""] = positionals;
  if (what !== "usage" && what !== "series") return `there is no back-test "${what}"`;
  if (typeof values.data !== "string") return "--data is missing";
  const numbers: Asked["numbers"] = {};
  for (const name of NUMBER_OPTIONS) {
    if (values[name] === undefined) continue;
    const value = Number(values[name]);
    if (!(value > 0)) return `--${name} takes a number above 0, not "${values[name]}"`;
    numbers[name] = value;
  }
  return { what, data: values.data, json: values.json === true, numbers };
}

async function usageLines({ data, json, numbers }: Asked): Promise<string[]> {
  const { threshold } = numbers;
  const backtest = await backtestUsage(data, threshold === undefined ? {} : { threshold });
  return json ? [JSON.stringify(backtest)] : printUsageBacktest(backtest);
}

async function seriesLines({ data, json, numbers: { threshold: _, ...options } }: Asked): Promise<string[]> {
  const backtest = await backtestSeries(data, options);
  return json ? [JSON.stringify(backtest)] : printSeriesBacktest(backtest);
}
