import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

import { openDatabase } from "../../packages/server/src/platform/database.ts";
import { freePort, startEmbeddedPostgres } from "../../packages/server/src/platform/embedded-postgres.ts";
import { assertReconciled } from "../harness/assert-reconciled.ts";
import { eventually, type HubProcess, startHub } from "../harness/hub-site.ts";
import { reconcile, settled } from "../harness/ledgers.ts";
import { openLoad } from "../harness/load.ts";
import { seededDice } from "../harness/seeded-dice.ts";

const folder = mkdtempSync(join(tmpdir(), "rapport-server-"));
const port = await freePort();
let hub: HubProcess;
after(async () => {
  if (hub?.isRunning()) await hub.signal("SIGKILL");
  await (await startEmbeddedPostgres(folder)).stop();
  rmSync(folder, { recursive: true, force: true });
});

const start = () => startHub({ DATA_FOLDER: folder, ROLES: "api,worker,sender" }, { port });
const postmaster = () => Number(readFileSync(join(folder, "postgres/postmaster.pid"), "utf8").split("\n")[0]);

test("killed at twenty random instants, PostgreSQL with it at every fifth, the server loses and repeats nothing", async (t) => {
  const dice = seededDice(20_261_122);
  hub = await start();
  const key = /Write key for events: (\S+)/.exec(hub.output())?.[1] ?? "";
  const load = openLoad({ ports: () => [port], tag: "twenty", key, clients: 4 });
  t.after(load.abandon);
  for (let turn = 1; turn <= 20; turn++) {
    const acknowledged = load.acknowledged.size;
    await eventually(() => load.acknowledged.size > acknowledged, "load flows");
    await new Promise((resolve) => setTimeout(resolve, dice() * 600));
    await hub.signal("SIGKILL");
    if (turn % 5 === 0) process.kill(postmaster(), "SIGKILL");
    hub = await start();
  }
  await load.finish();
  const { url } = await startEmbeddedPostgres(folder);
  const db = openDatabase(url, { poolSize: 2, name: "test" });
  t.after(db.close);
  await settled(db);
  assertReconciled(await reconcile(db, load, "twenty"), 2_000);
});

test("Ctrl-C ends the server and its PostgreSQL, and a second start goes on with the same data", async () => {
  const pid = postmaster();
  assert.equal(await hub.signal("SIGINT"), 0, hub.output());
  assert.match(hub.output(), /Stopped\. What was accepted is kept\./);
  await eventually(() => !existsSync(`/proc/${pid}`), "PostgreSQL has stopped");
  assert.ok(!existsSync(join(folder, "postgres/postmaster.pid")));

  hub = await start();
  const answer = await fetch(`http://127.0.0.1:${port}/healthz`);
  assert.deepEqual(await answer.json(), { status: "ok" });
  const { url } = await startEmbeddedPostgres(folder);
  const db = openDatabase(url, { poolSize: 1, name: "test" });
  const { rows } = await db.query<{ n: number }>("select count(*) as n from event");
  assert.ok((rows[0]?.n ?? 0) > 2_000);
  await db.close();
  assert.equal(await hub.signal("SIGINT"), 0, hub.output());
});
