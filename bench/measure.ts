import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

import type { HubSite } from "../test/harness/hub-site.ts";
import { cpuSeconds } from "./cpu-time.ts";
import type { Blast, BlastCounts } from "./http-blast.ts";

export type Line = { bench: string; metric: string; value: number; unit: string; perCore: number; note?: string };

/** One figure, one line of JSON. */
export function print(line: Line): void {
  const rounded = (value: number) => (Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3)));
  process.stdout.write(`${JSON.stringify({ ...line, value: rounded(line.value), perCore: rounded(line.perCore) })}\n`);
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** The load generator in a process of its own, at work when this resolves. */
export async function openBlast(blast: Blast): Promise<{ counts(): Promise<BlastCounts>; stop(): Promise<void> }> {
  const child = fork(join(import.meta.dirname, "http-blast.ts"));
  await once(child, "spawn");
  child.send(blast);
  return {
    async counts() {
      child.send("count");
      const [counts] = await once(child, "message");
      return counts as BlastCounts;
    },
    async stop() {
      const exit = once(child, "exit");
      child.send("stop");
      await exit;
    },
  };
}

export type Stretch = { wall: number; cpu: number; cpuHub: number };

/** Wall and CPU seconds that pass during `work`: of the hub's processes and of all of PostgreSQL. */
export async function stretchOf(site: HubSite, hubs: number[], work: () => Promise<void>): Promise<Stretch> {
  const postgres = [site.postmasterPid()];
  const startedAt = performance.now();
  const before = { hub: cpuSeconds(hubs), postgres: cpuSeconds(postgres) };
  await work();
  const cpuHub = cpuSeconds(hubs) - before.hub;
  const cpu = cpuHub + cpuSeconds(postgres) - before.postgres;
  return { wall: (performance.now() - startedAt) / 1_000, cpu, cpuHub };
}
