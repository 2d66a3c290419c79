import assert from "node:assert/strict";
import { test } from "node:test";

import { type Frame, packFrames } from "../ingest/index.ts";
import { readBatches } from "./read-batches.ts";

const frameOf = (frameId: string, calls: number): Frame => ({
  ...{
    format: "segment",
    call: null,
    source: "test",
    origin: "server",
    idSpace: null,
    frameId,
    receivedAt: 0,
    lane: 3,
  },
  body: Buffer.from(
    JSON.stringify({
      batch: Array.from({ length: calls }, () => ({ type: "page", userId: "u", timestamp: "2026-01-01" })),
    }),
  ),
});

test("a long queue is read in its order, and others have their turn meanwhile", async () => {
  const frames = Array.from({ length: 4 }, (_, n) => frameOf(`f${n}`, 1_000));
  let turns = 0;
  const turn = () => {
    turns += 1;
    waiting = setImmediate(turn);
  };
  let waiting = setImmediate(turn);
  const { read, letters } = await readBatches([{ position: 1, body: packFrames(frames) }], {
    secrets: [],
    required: false,
  });
  clearImmediate(waiting);
  assert.deepEqual(letters, []);
  assert.deepEqual(
    read.map(({ event }) => event.id),
    frames.flatMap(({ frameId }) => Array.from({ length: 1_000 }, (_, n) => `${frameId}-${n}`)),
  );
  assert.ok(turns >= 3, `${turns} turns`);
});
