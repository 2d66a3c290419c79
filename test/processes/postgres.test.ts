import assert from "node:assert/strict";
import { after, test } from "node:test";

import { assertReconciled } from "../harness/assert-reconciled.ts";
import { eventually, openHubSite } from "../harness/hub-site.ts";
import { reconcile, settled } from "../harness/ledgers.ts";
import { openLoad } from "../harness/load.ts";

const site = await openHubSite();
after(site.close);

test("when PostgreSQL is killed under load, clients are told to come again, nothing acknowledged is lost, and all goes on", async (t) => {
  const hub = await site.start("api,worker");
  const load = openLoad({ ports: () => [hub.port], tag: "pg" });
  t.after(load.abandon);
  for (let turn = 1; turn <= 2; turn++) {
    await eventually(() => load.acknowledged.size > turn * 1_500, "load flows");
    process.kill(site.postmasterPid(), "SIGKILL");
    const refused = () => load.statuses.get(503) ?? 0;
    const before = refused();
    await eventually(() => refused() > before + 5, "requests are refused while the database is away");
    await site.restartPostgres();
  }
  const acknowledged = load.acknowledged.size;
  await eventually(() => load.acknowledged.size > acknowledged + 1_000, "load flows again");
  await load.finish();
  await settled(site.db);
  assertReconciled(await reconcile(site.db, load, "pg"), 3_000);
  assert.ok(hub.isRunning(), hub.output());
  const statuses = [...load.statuses.keys()].sort();
  assert.deepEqual(statuses, [200, 503], "no other answers");
  assert.equal(load.withoutRetryAfter, 0);
});

test("when an administrator ends every connection, the hub opens new ones and goes on", async (t) => {
  const hub = await site.start("api,worker");
  const load = openLoad({ ports: () => [hub.port], tag: "ended" });
  t.after(load.abandon);
  for (let turn = 1; turn <= 5; turn++) {
    await eventually(() => load.acknowledged.size > turn * 400, "load flows");
    await site.db.query("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'rapport'");
  }
  await load.finish();
  await settled(site.db);
  assertReconciled(await reconcile(site.db, load, "ended"), 2_000);
  assert.ok(hub.isRunning(), hub.output());
});

test("a hub that is started before its database waits for it", async () => {
  process.kill(site.postmasterPid(), "SIGKILL");
  const waiting = Promise.withResolvers<"waiting">();
  const starting = site.start("api,worker", {
    env: { LOG_LEVEL: "warn" },
    onLine: (line) => line.includes("waiting for the database") && waiting.resolve("waiting"),
  });
  assert.equal(await Promise.race([waiting.promise, starting]), "waiting");
  await site.restartPostgres();
  assert.ok((await starting).isRunning());
});
