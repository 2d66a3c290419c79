import { readFileSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { once } from "node:events";

import { residentMb } from "../../bench/cpu-time.ts";
import { type HubProcess, type HubSite, openHubSite } from "../harness/hub-site.ts";
import { reconcile } from "../harness/ledgers.ts";
import { type Load, openLoad } from "../harness/load.ts";
import type { BurstLedger, BurstOptions } from "./burst.ts";
import { type Check, checkLedgers, type Fault, rest } from "./fault.ts";
import type { SwarmSize, SwarmTally } from "./slow-swarm.ts";

const IDLE = 10_000;
const SLOW = 500;
const HELD_MS = 60_000;
const CALM_MS = 20_000;
const STALLED_MS = 10_000;
const MOST_MB = 900;
/** A request must have come whole in fifteen seconds. */
const MOST_HELD_MS = 17_000;
/** Four well-behaved clients; a burst is ten times as many. */
const CALM = { clients: 4, batch: 10, pauseMs: 100 };
const BURST = { ...CALM, clients: 40 };
/** Half a megabyte a batch. */
const FLOOD = { clients: 250, batch: 16, pauseMs: 0, ballast: 30_000 };

/**
 * The p99 of well-behaved clients under attack is held against theirs before it, and, as the attackers work on this
 * machine, too, against that of the same clients at the same moment at another door, which nobody attacks.
 */
export const crowdFaults: Record<string, Fault> = {
  F14: {
    title: "ten thousand idle sockets, headers and bodies of one byte a second, a tenfold burst, a flood",
    async run({ check }) {
      const site = await openHubSite();
      try {
        const [door, other] = [await site.start("api"), await site.start("api")];
        await site.start("worker");
        const calm = openLoad({ ...CALM, ports: () => [door.port], tag: "f14" });
        const control = openLoad({ ...CALM, ports: () => [other.port], tag: "f14control" });
        await rest(3_000);
        const [before] = await p99During(rest(CALM_MS), calm, control);
        check("there is a p99 of calm to compare with", before > 0, `${before} ms`);
        const compare = async (what: string, attack: Promise<void>) => {
          const [now, elsewhere] = await p99During(attack, calm, control);
          const most = 2 * Math.max(before, elsewhere);
          check(`${what}: the p99 of the well-behaved is at most twice`, now <= most, { now, before, elsewhere });
        };
        await compare("slow sockets", swarm(check, door));
        await compare("ten times the clients", burst(check, site, { ...BURST, port: door.port, tag: "f14x10" }));
        await flood(check, site, door);
        await compare("after it all", rest(CALM_MS));
        const { highest } = residentMb(door.pid);
        check(`memory stays below ${MOST_MB} MB`, highest < MOST_MB, `${highest} MB`);
        check("the clients saw 200, 429 and 503 alone", isExpected(calm), [...calm.statuses]);
        await calm.finish();
        await checkLedgers(check, site, control, "f14control");
        await checkLedgers(check, site, calm, "f14");
        check("the process goes on", door.isRunning(), door.isRunning() ? undefined : door.output());
      } finally {
        await site.close();
      }
    },
  },
};

/** Of each load, while the attack goes on, milliseconds. */
export async function p99During(attack: Promise<void>, calm: Load, control: Load): Promise<[number, number]> {
  const from = [calm.tookMs.length, control.tookMs.length];
  await attack;
  return [p99Of(calm.tookMs.slice(from[0])), p99Of(control.tookMs.slice(from[1]))];
}

function p99Of(tookMs: number[]): number {
  const sorted = tookMs.sort((a, b) => a - b);
  return Math.round((sorted[Math.floor(sorted.length * 0.99)] ?? 0) * 10) / 10;
}

const isExpected = ({ statuses }: Pick<Load, "statuses">): boolean =>
  [...statuses.keys()].every((status) => [200, 429, 503].includes(status));

/** Keeps up as many sockets as the limit of open files allows, to ten thousand. */
async function swarm(check: Check, hub: HubProcess): Promise<void> {
  const openFiles = Number(/^Max open files\s+(\d+)/m.exec(readFileSync("/proc/self/limits", "utf8"))?.[1] ?? 0);
  const idle = Math.min(IDLE, openFiles - 2 * SLOW - 1_000);
  const size: SwarmSize = { port: hub.port, idle, headers: SLOW, bodies: SLOW };
  const worker = new Worker(new URL("./slow-swarm.ts", import.meta.url), { workerData: size });
  await rest(HELD_MS / 2);
  const half = await askOf<SwarmTally>(worker);
  await rest(HELD_MS / 2);
  const { open, closedByHub, longestHeadersMs, longestBodiesMs } = await askOf<SwarmTally>(worker);
  await worker.terminate();
  const limits = { openFiles, idle, headers: SLOW, bodies: SLOW };
  check("the swarm was there", half.open > 0.6 * (idle + 2 * SLOW), { ...limits, open: half.open, openAtEnd: open });
  check("the hub hangs up on them again and again", closedByHub > idle, closedByHub);
  const longestMs = Math.round(Math.max(longestHeadersMs, longestBodiesMs));
  check(
    `no slow header or body was heard for ${MOST_HELD_MS} ms`,
    longestMs > 0 && longestMs < MOST_HELD_MS,
    longestMs,
  );
}

async function burst(check: Check, site: HubSite, options: BurstOptions): Promise<void> {
  const worker = new Worker(new URL("./burst.ts", import.meta.url), { workerData: options });
  await rest(HELD_MS);
  const ledger = await askOf<BurstLedger>(worker);
  await worker.terminate();
  check("the burst saw 200, 429 and 503 alone", isExpected(ledger), [...ledger.statuses]);
  await checkBurst(check, site, ledger, options.tag);
}

/** More than can be kept, while the database stands still: what is beyond the bound is told when to come again. */
async function flood(check: Check, site: HubSite, hub: HubProcess): Promise<void> {
  const options: BurstOptions = { ...FLOOD, port: hub.port, tag: "f14flood" };
  const worker = new Worker(new URL("./burst.ts", import.meta.url), { workerData: options });
  await site.db.transaction(async (tx) => {
    await tx.query("set local idle_in_transaction_session_timeout = 0");
    await tx.query("lock table ingest_batch in exclusive mode");
    await rest(STALLED_MS);
  });
  const ledger = await askOf<BurstLedger>(worker);
  await worker.terminate();
  const refused = (ledger.statuses.get(429) ?? 0) + (ledger.statuses.get(503) ?? 0);
  check("the flood is refused with 429 or 503", refused > 0 && isExpected(ledger), [...ledger.statuses]);
  check("each refusal says when to come again", ledger.withoutRetryAfter === 0, ledger.withoutRetryAfter);
  await checkBurst(check, site, ledger, options.tag);
}

async function checkBurst(check: Check, site: HubSite, ledger: BurstLedger, tag: string): Promise<void> {
  await rest(5_000);
  const all = ledger.acknowledged.size;
  let lost = all;
  for (const until = performance.now() + 60_000; lost > 0 && performance.now() < until; await rest(500)) {
    lost = (await reconcile(site.db, ledger, tag)).lost.length;
  }
  const { twice, strange } = await reconcile(site.db, ledger, tag);
  check(`${tag}: nothing lost, nothing twice`, lost + twice.length + strange.length === 0 && all > 0, { all, lost });
}

async function askOf<Answer>(worker: Worker): Promise<Answer> {
  worker.postMessage("how is it");
  const [answer] = (await once(worker, "message")) as [Answer];
  return answer;
}
