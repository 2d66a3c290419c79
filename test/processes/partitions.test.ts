import assert from "node:assert/strict";
import { after, test } from "node:test";

import { assertReconciled } from "../harness/assert-reconciled.ts";
import { eventually, type HubProcess, openHubSite } from "../harness/hub-site.ts";
import { reconcile, settled } from "../harness/ledgers.ts";
import { openLoad } from "../harness/load.ts";

const site = await openHubSite();
after(site.close);

/** How many partitions each process owns now. */
async function shares(): Promise<Map<number, number>> {
  const { rows } = await site.db.query<{ owner: string; n: number }>(
    "select owner, count(*) as n from lease where name like 'partition/%' and expires_at > clock_timestamp() group by owner",
  );
  return new Map(rows.map((row) => [Number(row.owner.split("-")[0]), row.n]));
}

const shareOf = async (process: HubProcess): Promise<number> => (await shares()).get(process.pid) ?? 0;
const sum = async (): Promise<number> => [...(await shares()).values()].reduce((total, n) => total + n, 0);

test("three processes share the partitions, and when one is killed the others have its share within ten seconds", async (t) => {
  const hubs = await Promise.all([1, 2, 3].map(() => site.start("api,worker")));
  await eventually(async () => {
    const all = await Promise.all(hubs.map(shareOf));
    return all.every((share) => share >= 20) && (await sum()) === 64;
  }, "each has its share");

  const load = openLoad({ ports: () => hubs.filter((one) => one.isRunning()).map((one) => one.port), tag: "kill" });
  t.after(load.abandon);
  await eventually(() => load.acknowledged.size > 2_000, "load flows");
  const killedAt = performance.now();
  await hubs[0]?.signal("SIGKILL");
  await eventually(async () => {
    const rest = await Promise.all(hubs.slice(1).map(shareOf));
    return rest[0] !== undefined && rest[1] !== undefined && rest[0] + rest[1] === 64;
  }, "the two others own everything");
  const takenOver = performance.now() - killedAt;
  assert.ok(takenOver <= 10_000, `it took ${takenOver} ms`);

  await load.finish();
  await settled(site.db);
  assertReconciled(await reconcile(site.db, load, "kill"), 3_000);
  for (const hub of hubs.slice(1)) await hub.signal("SIGINT");
});

test("an owner that stalls beyond its lease is fenced off: what it does on waking is refused, and nothing happens twice", async (t) => {
  const [stalling, other] = await Promise.all([site.start("api,worker"), site.start("api,worker")]);
  await eventually(async () => (await shareOf(stalling)) === 32 && (await shareOf(other)) === 32, "each has half");
  const load = openLoad({ ports: () => [other.port], tag: "stall" });
  t.after(load.abandon);
  await eventually(() => load.acknowledged.size > 1_000, "load flows");

  for (let turn = 0; turn < 2; turn++) {
    await eventually(async () => (await shareOf(stalling)) > 0, "it owns something to lose");
    await stalling.signal("SIGSTOP");
    await eventually(async () => (await shareOf(other)) === 64, "the other has taken over");
    const { rows } = await site.db.query<{ n: number }>(
      "select count(*) as n from pg_stat_activity where state = 'idle in transaction' and now() - state_change > interval '6 s'",
    );
    assert.equal(rows[0]?.n, 0, "a stalled transaction is not left open");
    await stalling.signal("SIGCONT");
  }
  await load.finish();
  await settled(site.db);
  assertReconciled(await reconcile(site.db, load, "stall"), 2_000);
  assert.ok(stalling.isRunning(), stalling.output());
});
