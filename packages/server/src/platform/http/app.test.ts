import assert from "node:assert/strict";
import { test } from "node:test";
import { pino } from "pino";

import { openApp } from "./app.ts";
import { Refused, type RefusalCode } from "./problem.ts";

async function answerTo(code: RefusalCode) {
  const { app } = await openApp({
    logger: pino({ level: "silent" }),
    version: "0",
    publicUrl: "https://hub.example",
    trustedProxies: [],
    loadShare: { now: () => 1 },
    tellNotFound: () => "nothing",
  });
  app.get("/", { config: { access: { kind: "public", why: "a test" } } }, () => {
    throw new Refused(code, "later", { retryAfterSeconds: 3 });
  });
  return app.inject("/");
}

test("429 says how many seconds to wait, and from which second of the Unix clock on", async () => {
  const now = Date.now() / 1_000;
  const { statusCode, headers } = await answerTo("ingest/busy");
  assert.deepEqual([statusCode, headers["retry-after"]], [429, "3"]);
  const wait = Number(headers["x-ratelimit-reset"]) - now;
  assert.ok(wait >= 3 && wait < 10, `${wait}`);
});

test("503 says how many seconds to wait, and speaks of no limit", async () => {
  const { statusCode, headers } = await answerTo("ingest/unavailable");
  assert.deepEqual([statusCode, headers["retry-after"], headers["x-ratelimit-reset"]], [503, "3", undefined]);
});
