/**
 * `node bench/hot.ts [--storm unmerges|merges|events|wide] [--size N]`: how long honest customers' events take from the door to
 * their timelines while one customer storms: undone merges by staff in four batches (2,000), identifies that fill its
 * cluster (5,000), events (50,000), or a trickle of events to a profile as wide as may be (1,000, fifty a second). One
 * process with all roles; twenty honest events a second until the storm is over.
 */
import { parseArgs } from "node:util";
import type { Event } from "@rapport/contract/event";

import { keepEvents } from "../packages/server/src/message/index.ts";
import { type HubSite, openHubSite, WRITE_KEY } from "../test/harness/hub-site.ts";
import { print, sleep } from "./measure.ts";

const SIZES = { unmerges: 2_000, merges: 5_000, events: 50_000, wide: 1_000 };
const { values } = parseArgs({ options: { storm: { type: "string", default: "merges" }, size: { type: "string" } } });
const storm = values.storm as keyof typeof SIZES;
const size = Number(values.size ?? SIZES[storm]);
const EVERY_MS = 50;
const FULL_CLUSTER = 230;

let hotId = "";
const site = await openHubSite();
try {
  const hub = await site.start("api,worker,sender");
  await say(hub.port, [call("identify", "honest-0", "warm-0")]);
  if (storm === "unmerges")
    await say(
      hub.port,
      Array.from({ length: FULL_CLUSTER }, (_, n) => joining(n)),
    );
  if (storm === "wide") await widen(hub.port);
  await nothingWaits(site);
  hotId = await customerOf(site, "hot");

  const sent = new Map<string, number>();
  const began = performance.now();
  let isOver = false;
  const honest = (async () => {
    for (let n = 0; !isOver; n++) {
      const id = `near-${n}`;
      sent.set(id, performance.now());
      await say(hub.port, [call("track", `honest-${n}`, id)]);
      await sleep(EVERY_MS);
    }
  })();
  const latencies: number[] = [];
  const watch = (async () => {
    while (!isOver || sent.size > 0) {
      const { rows } = await site.db.query<{ id: string }>(
        "select split_part(event_id, '/', -1) as id from event where split_part(event_id, '/', -1) = any($1::text[])",
        [[...sent.keys()]],
      );
      for (const { id } of rows) {
        latencies.push(performance.now() - (sent.get(id) ?? 0));
        sent.delete(id);
      }
      await sleep(20);
    }
  })();
  await unleash(hub.port);
  await nothingWaits(site);
  const wall = performance.now() - began;
  isOver = true;
  await Promise.all([honest, watch]);
  latencies.sort((a, b) => a - b);
  const at = (share: number) => Math.round(latencies[Math.floor((latencies.length - 1) * share)] ?? 0);
  const note = `${size} ${storm} of one customer, over in ${(wall / 1_000).toFixed(1)} s; ${latencies.length} honest events`;
  for (const [metric, value] of [
    ["p50_ms", at(0.5)],
    ["p99_ms", at(0.99)],
    ["max_ms", at(1)],
  ] as const)
    print({ bench: "hot", metric, value, unit: "ms", perCore: value, note });
} finally {
  await site.close();
}

type Call = Record<string, unknown>;
function call(type: string, userId: string, messageId: string, more: Call = {}): Call {
  return { type, userId, messageId, event: "Seen", ...more };
}
function joining(n: number): Call {
  return call("identify", "hot", `hot-${n}`, { anonymousId: `hot-a-${n}` });
}

async function say(port: number, batch: Call[]): Promise<void> {
  const answer = await fetch(`http://127.0.0.1:${port}/v1/batch`, {
    method: "POST",
    headers: {
      authorization: `Basic ${Buffer.from(`${WRITE_KEY}:`).toString("base64")}`,
      "content-type": "application/json",
    },
    body: JSON.stringify({ batch }),
  });
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
}

/** As many traits as the company may state, each as long as may be: a megabyte, of which the profile keeps what its bound allows. */
async function widen(port: number): Promise<void> {
  for (let n = 0; n < 256; n += 7) {
    const some = Array.from({ length: Math.min(7, 256 - n) }, (_, at) => [`trait-${n + at}`, "x".repeat(4_090)]);
    await say(port, [call("identify", "hot", `wide-${n}`, { traits: Object.fromEntries(some) })]);
  }
}

async function unleash(port: number): Promise<void> {
  if (storm === "wide") {
    for (let n = 0; n < size; n++) {
      await say(port, [call("track", "hot", `hot-${n}`)]);
      await sleep(20);
    }
    return;
  }
  const count = Math.ceil(size / 500);
  for (let batch = 0; batch < count; batch++) {
    const numbers = Array.from({ length: 500 }, (_, n) => batch * 500 + n);
    if (storm === "unmerges") await site.db.transaction((tx) => keepEvents(tx, numbers.map(apart)));
    else await say(port, numbers.map(storm === "merges" ? joining : (n) => call("track", "hot", `hot-${n}`)));
  }
}

/** What is undone was no merge: what is measured is what it costs to look. */
function apart(n: number): Event {
  const at = Date.now();
  const from = `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
  return {
    id: `apart-${n}`,
    kind: "staff",
    name: "identity.apart",
    at,
    receivedAt: at,
    claims: [{ kind: "user_id", value: "hot" }],
    origin: "staff",
    source: "console",
    channel: "hub",
    properties: { from, into: hotId },
  };
}

async function customerOf({ db }: HubSite, userId: string): Promise<string> {
  const { rows } = await db.query<{ id: string }>(
    "select customer_id as id from identifier where kind = 'user_id' and value = $1",
    [userId],
  );
  return rows[0]?.id ?? "";
}

async function nothingWaits({ db }: HubSite): Promise<void> {
  for (let quiet = 0; quiet < 3; ) {
    const { rows } = await db.query<{ waiting: number }>(
      `select (select coalesce(sum(events), 0) from ingest_batch) + (select coalesce(sum(events), 0) from ingest_aside)
              + (select coalesce(sum(items), 0) from inbox) as waiting`,
    );
    quiet = (rows[0]?.waiting ?? 1) < 10 ? quiet + 1 : 0;
    await sleep(100);
  }
}
