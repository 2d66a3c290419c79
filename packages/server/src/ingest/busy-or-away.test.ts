import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import type { Database, Sql } from "../platform/database.ts";
import { startEmbeddedPostgres } from "../platform/embedded-postgres.ts";
import { openTestHub } from "../test-hub.ts";
import { NotAccepted, openAcceptor } from "./accept.ts";
import type { Frame } from "./frame.ts";

const aFrame = (bytes: number): Frame => ({
  format: "segment",
  call: null,
  origin: "server",
  idSpace: null,
  source: "test",
  frameId: "f",
  receivedAt: 0,
  lane: 3,
  body: new Uint8Array(bytes),
});

test("when 48 MB wait for the database, more is refused as busy and nothing that waits is lost", async () => {
  const release = Promise.withResolvers<void>();
  const stalled: Sql = {
    async query() {
      await release.promise;
      return { rows: [], rowCount: 1 };
    },
  };
  const acceptor = openAcceptor(stalled as Database, () => undefined);
  const waiting = Array.from({ length: 110 }, () => acceptor.accept(aFrame(500_000), 1));
  const settled = Promise.allSettled(waiting);
  const busy = await acceptor.accept(aFrame(500_000), 1).catch((fault: unknown) => fault);
  assert.ok(busy instanceof NotAccepted && busy.refusal.kind === "busy" && busy.refusal.retryAfterSeconds >= 1);

  release.resolve();
  const answers = await settled;
  const accepted = answers.filter((answer) => answer.status === "fulfilled").length;
  assert.ok(accepted >= 96, `${accepted} were accepted`);
  assert.ok(answers.every((answer) => answer.status === "fulfilled" || answer.reason instanceof NotAccepted));
  await acceptor.close();
});

test("while the database is away the doors answer 503 with Retry-After, and take events again when it is back", async () => {
  const folder = mkdtempSync(join(tmpdir(), "rapport-away-"));
  let postgres = await startEmbeddedPostgres(folder, { flags: ["-c fsync=off"] });
  const previous = process.env.RAPPORT_TEST_POSTGRES;
  process.env.RAPPORT_TEST_POSTGRES = postgres.url;
  const hub = await openTestHub();
  if (previous === undefined) delete process.env.RAPPORT_TEST_POSTGRES;
  else process.env.RAPPORT_TEST_POSTGRES = previous;

  const track = (messageId: string) =>
    hub.app.inject({
      method: "POST",
      url: "/v1/track",
      headers: { authorization: `Basic ${Buffer.from(`${hub.writeKey}:`).toString("base64")}` },
      payload: { userId: "ann", event: "Seen", messageId },
    });
  assert.equal((await track("before")).statusCode, 200);
  await hub.idle();

  const port = new URL(postgres.url).port;
  await postgres.stop();
  const away = await track("away");
  assert.equal(away.statusCode, 503, away.body);
  assert.ok(Number(away.headers["retry-after"]) >= 1);
  assert.match(String(away.headers["content-type"]), /problem\+json/);
  const read = await hub.call("GET", "/api/customers");
  assert.equal(read.status, 503);

  postgres = await startEmbeddedPostgres(folder, { flags: ["-c fsync=off"], port: Number(port) });
  // The same message is sent again, as the SDKs do.
  assert.equal((await track("away")).statusCode, 200);
  // The loops come back by themselves, as soon as they hold their leases again.
  let events: number | undefined;
  for (const until = performance.now() + 20_000; events !== 2 && performance.now() < until; ) {
    await hub.idle();
    const { body } = await hub.call("GET", "/api/customers?q=ann");
    events = (body as { customers?: { events: number }[] }).customers?.[0]?.events;
  }
  await hub.end();
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
  assert.equal(events, 2);
});
