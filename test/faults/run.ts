import { parseArgs } from "node:util";

import { connectionFaults } from "./connections.ts";
import { crowdFaults } from "./crowd.ts";
import { doorFaults } from "./doors.ts";
import type { Fault } from "./fault.ts";
import { hostileFaults } from "./hostile.ts";
import { killFaults } from "./kills.ts";
import { mutations } from "./mutations.ts";
import { receiptFaults } from "./receipts.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { size: { type: "string", default: "2000" } },
});
const faults: Record<string, Fault> = {
  ...killFaults,
  ...connectionFaults,
  ...doorFaults,
  ...crowdFaults,
  ...receiptFaults,
  ...hostileFaults,
  ...mutations,
};
const [name] = positionals;
const chosen = name === "all" ? Object.keys(faults) : name ? [name] : [];

if (chosen.length === 0)
  for (const [id, { title }] of Object.entries(faults)) process.stdout.write(`${id.padEnd(4)} ${title}\n`);
let failed = 0;
for (const id of chosen) failed += await play(id);
process.exit(failed > 0 ? 1 : 0);

/** Answers how many checks failed. */
async function play(id: string): Promise<number> {
  const fault = faults[id];
  if (!fault) {
    process.stderr.write(`there is no fault "${id}"; script/faults lists them\n`);
    return 1;
  }
  process.stdout.write(`==> ${id} ${fault.title}\n`);
  const counts = { passed: 0, failed: 0 };
  const check = (what: string, holds: boolean, found?: unknown) => {
    counts[holds ? "passed" : "failed"] += 1;
    const detail = found === undefined ? "" : ` (${JSON.stringify(found).slice(0, 200)})`;
    process.stdout.write(`${holds ? "  ok   " : "  FAIL "}${what}${detail}\n`);
  };
  try {
    await fault.run({ check, size: Number(values.size) });
  } catch (problem) {
    check(`it ran to its end: ${(problem as Error).stack}`, false);
  }
  process.stdout.write(`${id}: ${counts.passed} passed, ${counts.failed} failed\n`);
  return counts.failed;
}
