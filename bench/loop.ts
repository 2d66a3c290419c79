/**
 * `node bench/loop.ts [--seconds 10] [--size 1000000]`: the whole loop, from the HTTP door to the recorded decision, over
 * 10,000 and over `--size` customers. Every event is resolved, folded, decided on among ten actions, and recorded. One
 * process with the roles `api` and `worker`; events are sent as fast as they are applied. `perCore` is events for each
 * CPU-second of that process and of all of PostgreSQL.
 */
import { parseArgs } from "node:util";

import { realClock } from "../packages/server/src/platform/clock.ts";
import { openScenarios } from "../packages/server/src/scenario/index.ts";
import { eventually, openHubSite, WRITE_KEY } from "../test/harness/hub-site.ts";
import { residentMb } from "./cpu-time.ts";
import { loopPack } from "./loop-pack.ts";
import { openBlast, print, stretchOf } from "./measure.ts";
import { seedCustomers } from "./seed-customers.ts";

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "10" },
    size: { type: "string", default: "1000000" },
    prof: { type: "string" },
  },
});
const seconds = Number(values.seconds);
const size = Number(values.size);
/** Expected rate, which the number of events is reckoned from. */
const EXPECTED = 10_000;

const site = await openHubSite(["-c max_wal_size=8GB"]);
try {
  await (await openScenarios(site.db, realClock, { zones: ["UTC"], locale: "en" })).install(loopPack);
  const flags = values.prof ? ["--cpu-prof", `--cpu-prof-dir=${values.prof}`] : [];
  const hub = await site.start("api,worker", { flags });

  const small = await measure("events_per_s_10k", 10_000);
  const large = size > 10_000 ? await measure(`events_per_s_${size === 1_000_000 ? "1m" : size}`, size) : small;
  print({
    bench: "loop",
    metric: "ratio_1m_to_10k",
    value: large / small,
    unit: "",
    perCore: large / small,
    note: `events for each CPU-second, ${size} customers to 10000`,
  });
  const rss = residentMb(hub.pid).highest;
  print({
    bench: "loop",
    metric: "rss_mb",
    value: rss,
    unit: "MB",
    perCore: rss,
    note: "the hub process, at its highest",
  });
  await hub.signal("SIGINT");

  async function measure(metric: string, customers: number): Promise<number> {
    const seedStarted = performance.now();
    await seedCustomers(site, hub.port, customers);
    const seeded = ((performance.now() - seedStarted) / 1_000).toFixed(0);
    await run(`${metric}-warm`, customers, 20_000);
    const before = await recorded();
    const events = seconds * EXPECTED;
    const { wall, cpu, cpuHub } = await stretchOf(site, [hub.pid], () => run(metric, customers, events));
    const decisions = (await recorded()) - before;
    if (decisions !== events) throw new Error(`${events} events came to ${decisions} decisions`);
    const note = `seeded in ${seeded} s; ${cpuHub.toFixed(1)} s of node and ${(cpu - cpuHub).toFixed(1)} s of PostgreSQL for ${events} events`;
    print({ bench: "loop", metric, value: events / wall, unit: "1/s", perCore: events / cpu, note });
    return events / cpu;
  }

  /** Sends so many events and waits until all are applied. */
  async function run(tag: string, customers: number, events: number): Promise<void> {
    const expected = (await applied()) + events;
    const generator = await openBlast({
      port: hub.port,
      path: "/v1/batch",
      key: WRITE_KEY,
      connections: 8,
      depth: 1,
      eventsPerRequest: 100,
      customers,
      rate: 0,
      most: events,
      tag,
      event: "data used",
      rare: null,
    });
    await eventually(async () => (await applied()) >= expected, "all events are applied", 60_000 + seconds * 20_000);
    await generator.stop();
  }

  async function applied(): Promise<number> {
    const { rows } = await site.db.query<{ sum: number }>(
      "select coalesce(sum(value), 0)::bigint as sum from tally where metric = 'event.track'",
    );
    return rows[0]?.sum ?? 0;
  }

  async function recorded(): Promise<number> {
    return (await site.db.query<{ n: number }>("select count(*) as n from decision")).rows[0]?.n ?? 0;
  }
} finally {
  await site.close();
}
