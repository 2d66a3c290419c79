import assert from "node:assert/strict";
import { test } from "node:test";

import type { Lane } from "./gateway.ts";
import { openLaneRoom } from "./lane-room.ts";

test("who waits is let in by lane, the most urgent first, and never more than there is room for", async () => {
  const room = openLaneRoom(1);
  const order: Lane[] = [];
  let inside = 0;
  const enter = (lane: Lane) =>
    room.within(lane, async () => {
      assert.equal(++inside, 1);
      order.push(lane);
      await new Promise(setImmediate);
      inside--;
    });

  await Promise.all(
    (["campaign", "campaign", "housekeeping", "journey", "emergency", "transactional"] as const).map(enter),
  );
  assert.deepEqual(order, ["campaign", "emergency", "transactional", "journey", "campaign", "housekeeping"]);
});

test("a deed that fails leaves its place to the next, and the room is empty at the end", async () => {
  const room = openLaneRoom(1);
  const failing = room.within("journey", () => Promise.reject(new Error("failed")));
  const next = room.within("journey", async () => "done");
  await assert.rejects(failing);
  assert.equal(await next, "done");
  await room.empty();
});
