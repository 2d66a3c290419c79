import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import fc from "fast-check";

import { openTestDatabase, type TestDatabase } from "../platform/test-database.ts";
import { capPeers } from "./cap-peers.ts";
import type { Read } from "./read-batches.ts";

let database: TestDatabase;
before(async () => {
  database = await openTestDatabase();
});
after(() => database.drop());

const HOUR = 3_600_000;
const LIMIT = 5;
const START = Date.UTC(2026, 5, 10, 16);
const perPeer = { limit: LIMIT, windowMs: HOUR };
const opened = new Map([["ping", { event: "ping", perCustomer: perPeer, perAddress: perPeer, perPeer }]]);

function aRead(peer: string): Read {
  const frame = { format: "segment", call: null, source: "b", origin: "browser", idSpace: "b", frameId: "f" } as const;
  const event = {
    id: "e",
    kind: "track",
    name: "ping",
    claims: [],
    origin: "browser",
    source: "b",
    channel: "web",
  } as const;
  return {
    frame: { ...frame, peer, receivedAt: 0, lane: 3, body: new Uint8Array() },
    event: { ...event, claims: [], at: 0, receivedAt: 0 },
    stated: false,
  };
}

let peers = 0;
/** How many of so many at each of these times (milliseconds from the start, in order) pass, of one peer. */
async function passing(said: { at: number; count: number }[]): Promise<number[]> {
  const peer = `peer-${peers++}`;
  const passed: number[] = [];
  for (const { at, count } of said) {
    const reads = await database.db.transaction((tx) =>
      capPeers(
        tx,
        Array.from({ length: count }, () => aRead(peer)),
        opened,
        START + at,
      ),
    );
    passed.push(reads.filter(({ event }) => event.overCap === undefined).length);
  }
  return passed;
}

test("over the turn of an hour no more passes than within it", async () => {
  assert.deepEqual(
    await passing([
      { at: HOUR - 2_000, count: 8 },
      { at: HOUR + 2_000, count: 8 },
    ]),
    [5, 0],
  );
});

test("a peer that waited for a window and a twelfth may say as much again, and what did not pass does not count", async () => {
  const again = HOUR + HOUR / 12;
  assert.deepEqual(
    await passing([
      { at: 0, count: 3 },
      { at: 10_000, count: 900 },
      { at: HOUR / 2, count: 900 },
      { at: again, count: 5 },
    ]),
    [3, 2, 0, 5],
  );
});

test("within any window, whenever it begins, no more than the limit passes", async () => {
  const aTime = fc.record({ wait: fc.integer({ min: 0, max: HOUR / 3 }), count: fc.integer({ min: 1, max: 4 }) });
  await fc.assert(
    fc.asyncProperty(fc.array(aTime, { minLength: 5, maxLength: 20 }), async (waits) => {
      let now = 0;
      const said = waits.map(({ wait, count }) => {
        now += wait;
        return { at: now, count };
      });
      const passed = await passing(said);
      for (const { at: from } of said) {
        const within = said.map(({ at }, index) => (at >= from && at < from + HOUR ? (passed[index] ?? 0) : 0));
        assert.ok(within.reduce((sum, one) => sum + one, 0) <= LIMIT);
      }
    }),
    { numRuns: 40 },
  );
});

test("each peer has its own", async () => {
  assert.deepEqual([await passing([{ at: 0, count: 5 }]), await passing([{ at: 0, count: 5 }])], [[5], [5]]);
});
