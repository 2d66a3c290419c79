/**
 * `node bench/handoff.ts [--seconds 15] [--size 10000]`: from the moment an event is sent to the moment its message has
 * come whole at the SMTP relay, at 1,000 events a second, one event each request, every tenth calling for an e-mail. One
 * process with all roles; load and relay are processes apart. Exact percentiles over all messages, none left out.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { realClock } from "../packages/server/src/platform/clock.ts";
import { openScenarios } from "../packages/server/src/scenario/index.ts";
import { eventually, openHubSite, WRITE_KEY } from "../test/harness/hub-site.ts";
import { settled } from "../test/harness/ledgers.ts";
import { residentMb } from "./cpu-time.ts";
import { loopPack } from "./loop-pack.ts";
import { openBlast, print, stretchOf } from "./measure.ts";
import { seedCustomers } from "./seed-customers.ts";
import type { SinkCounts } from "./smtp-sink.ts";

const { values } = parseArgs({
  options: { seconds: { type: "string", default: "15" }, size: { type: "string", default: "10000" } },
});
const seconds = Number(values.seconds);
const customers = Number(values.size);
const RATE = 1_000;
const EVERY = 10;

const site = await openHubSite();
const sink = fork(join(import.meta.dirname, "smtp-sink.ts"));
try {
  const [{ port: sinkPort }] = (await once(sink, "message")) as [{ port: number }];
  await (await openScenarios(site.db, realClock, { zones: ["UTC"], locale: "en" })).install(loopPack);
  const hub = await site.start("api,worker,sender", { env: { SMTP_URL: `smtp://127.0.0.1:${sinkPort}` } });
  await seedCustomers(site, hub.port, customers);
  await site.db.query(
    `update customer set state = jsonb_set(state::jsonb, '{traits,email}', jsonb_build_object('value', 'u' || substr(name, 10) || '@sink.example', 'at', 0, 'by', 'seed'))`,
  );
  await load("warm", 4);
  await taken();

  const { wall, cpu } = await stretchOf(site, [hub.pid], () => load("handoff", seconds));
  const { received, latencies } = await taken();
  const expected = (seconds * RATE) / EVERY;
  if (latencies.length !== expected) throw new Error(`${expected} messages were called for, ${latencies.length} came`);
  latencies.sort((a, b) => a - b);
  const at = (share: number) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0;
  const note = `${RATE} events/s, every ${EVERY}th a message: ${latencies.length} of ${received} since the start; ${(cpu / wall).toFixed(2)} cores busy`;
  for (const [metric, value] of [
    ["p50_ms", at(0.5)],
    ["p99_ms", at(0.99)],
    ["max_ms", at(1)],
  ] as const)
    print({ bench: "handoff", metric, value, unit: "ms", perCore: value, note });
  const rss = residentMb(hub.pid).highest;
  print({
    bench: "handoff",
    metric: "rss_mb",
    value: rss,
    unit: "MB",
    perCore: rss,
    note: "the hub process, at its highest",
  });
  await hub.signal("SIGINT");

  async function load(tag: string, forSeconds: number): Promise<void> {
    const generator = await openBlast({
      port: hub.port,
      path: "/v1/track",
      key: WRITE_KEY,
      connections: 16,
      depth: 8,
      eventsPerRequest: 1,
      customers,
      rate: RATE,
      most: forSeconds * RATE,
      tag,
      event: "data used",
      rare: { event: "ping", every: EVERY },
    });
    await eventually(
      async () => (await generator.counts()).done,
      "all events are accepted",
      forSeconds * 1_000 + 20_000,
    );
    await settled(site.db);
    await generator.stop();
  }
} finally {
  sink.send("stop");
  await site.close();
}

async function taken(): Promise<SinkCounts> {
  sink.send("take");
  const [counts] = await once(sink, "message");
  return counts as SinkCounts;
}
