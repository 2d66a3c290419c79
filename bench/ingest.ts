/**
 * `node bench/ingest.ts [--seconds 8]`: events accepted and committed (fsync and synchronous_commit on) by one process
 * with the role `api`, sent by raw sockets from a process apart. `perCore` is events for each CPU-second of the API
 * process and of all of PostgreSQL.
 */
import { parseArgs } from "node:util";

import { openHubSite, WRITE_KEY } from "../test/harness/hub-site.ts";
import { residentMb } from "./cpu-time.ts";
import type { Blast } from "./http-blast.ts";
import { openBlast, print, sleep, stretchOf } from "./measure.ts";

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "8" },
    size: { type: "string", default: "10000" },
    prof: { type: "string" },
  },
});
const seconds = Number(values.seconds);

const site = await openHubSite();
try {
  const flags = values.prof ? ["--cpu-prof", `--cpu-prof-dir=${values.prof}`] : [];
  const api = await site.start("api", { flags });
  const blast: Blast = {
    port: api.port,
    path: "/v1/batch",
    key: WRITE_KEY,
    connections: 16,
    depth: 1,
    eventsPerRequest: 100,
    customers: Number(values.size),
    rate: 0,
    most: Number.MAX_SAFE_INTEGER,
    tag: "warm",
    event: "data used",
    rare: null,
  };
  await measure("events_per_s_batched", blast, "batches of 100, 16 connections");
  await measure(
    "events_per_s_single",
    { ...blast, path: "/v1/track", connections: 64, depth: 4, eventsPerRequest: 1 },
    "one event a request, 64 connections kept alive, 4 requests pipelined on each",
  );
  const rss = residentMb(api.pid).highest;
  print({
    bench: "ingest",
    metric: "rss_mb",
    value: rss,
    unit: "MB",
    perCore: rss,
    note: "the API process, at its highest",
  });
  await api.signal("SIGINT");

  async function measure(metric: string, load: Blast, note: string): Promise<void> {
    const generator = await openBlast({ ...load, tag: metric });
    await sleep(2_000);
    const before = await generator.counts();
    const { wall, cpu, cpuHub } = await stretchOf(site, [api.pid], () => sleep(seconds * 1_000));
    const after = await generator.counts();
    await generator.stop();
    const events = after.accepted - before.accepted;
    const split = `${((cpuHub / cpu) * 100).toFixed(0)} % of the CPU time is the API's, the rest PostgreSQL's`;
    print({
      bench: "ingest",
      metric,
      value: events / wall,
      unit: "1/s",
      perCore: events / cpu,
      note: `${note}; ${split}`,
    });
    if (after.refused > 0) throw new Error(`${after.refused} events were refused`);
    await site.db.query("truncate ingest_batch");
  }
} finally {
  await site.close();
}
