import assert from "node:assert/strict";
import { after, test } from "node:test";
import { modelOf, nothingForeseen } from "@rapport/engine/loop/index";

import { openLoops } from "../../packages/server/src/loops.ts";
import { setTimers } from "../../packages/server/src/partition/index.ts";
import { simulatedClock } from "../../packages/server/src/platform/clock.ts";
import { eventually, openHubSite } from "../harness/hub-site.ts";

const site = await openHubSite();
after(site.close);

const uuid = (number: number): string => `00000000-0000-4000-8000-${number.toString(16).padStart(12, "0")}`;

async function set(name: string, customers: number, dueAt: (number: number) => number): Promise<void> {
  for (let number = 0; number < customers; number++) {
    const customerId = uuid(number);
    await setTimers(site.db, [{ customerId, name, dueAt: dueAt(number), causedBy: null }]);
  }
}

/** How often timers of this name have fired, and for how many customers. */
async function fired(name: string): Promise<{ times: number; customers: number }> {
  const { rows } = await site.db.query<{ times: number; customers: number }>(
    "select count(*) as times, count(distinct customer_id) as customers from event where event_id like 'timer/' || $1 || '/%'",
    [name],
  );
  return rows[0] ?? { times: 0, customers: 0 };
}

test("by the real clock, timers fire once each although a process is killed among them", async () => {
  const [first, second] = await Promise.all([site.start("worker"), site.start("worker")]);
  const now = Date.now();
  await set("real", 100, (number) => now + 1_000 + number * 20);
  await eventually(async () => (await fired("real")).times > 20, "timers fire");
  await first.signal("SIGKILL");
  await eventually(async () => (await fired("real")).times >= 100, "all have fired");
  assert.deepEqual(await fired("real"), { times: 100, customers: 100 });
  const { rows } = await site.db.query("select 1 as left from timer");
  assert.equal(rows.length, 0);
  const { rows: counts } = await site.db.query("select distinct state::json->>'events' as n from customer");
  assert.deepEqual(counts, [{ n: "1" }], "each profile counts its timer once");
  await second.signal("SIGINT");
});

test("by a simulated clock, a timer fires when the clock comes to it, not before and not again", async () => {
  const clock = simulatedClock(Date.UTC(2030, 0, 1));
  const model = modelOf({
    features: [],
    policies: [],
    timers: [],
    outlook: nothingForeseen,
    zones: ["UTC"],
    locale: "en",
  });
  const faults: unknown[] = [];
  const onFault = (_where: string, fault: unknown) => faults.push(fault);
  const loops = openLoops({
    db: site.db,
    clock,
    secret: "secret",
    proofRules: async () => ({ secrets: [], required: false }),
    owner: "simulated",
    model: () => model,
    onFault,
    onMessages() {},
  });
  await set("simulated", 3, () => clock.now() + 60_000);
  await eventually(async () => {
    const { rows } = await site.db.query<{ n: number }>(
      "select count(*) as n from lease where owner = 'simulated' and name like 'partition/%' and expires_at > clock_timestamp()",
    );
    return rows[0]?.n === 64;
  }, "it owns all partitions");
  await loops.idle();
  assert.equal((await fired("simulated")).times, 0);
  for (const later of [60_000, 120_000]) {
    clock.moveTo(Date.UTC(2030, 0, 1) + later);
    await loops.idle();
    assert.deepEqual(await fired("simulated"), { times: 3, customers: 3 });
  }
  await loops.close();
  assert.deepEqual(faults, []);
});
