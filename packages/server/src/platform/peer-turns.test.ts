import assert from "node:assert/strict";
import { test } from "node:test";

import { openPeerTurns, type Peer } from "./peer-turns.ts";

/** Deeds that end when they are told to, and the order in which they began. */
function openDeeds(size: number) {
  const turns = openPeerTurns(size);
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  return {
    begun,
    empty: turns.empty,
    begin(peer: Peer, name: string): Promise<void> {
      const { promise, resolve } = Promise.withResolvers<void>();
      ends.set(name, resolve);
      return turns.within(peer, () => {
        begun.push(name);
        return promise;
      });
    },
    async end(name: string, ended: Promise<void>): Promise<void> {
      ends.get(name)?.();
      await ended.catch(() => undefined);
      await new Promise(setImmediate);
    },
  };
}
const settled = () => new Promise(setImmediate);

test("a peer has one deed at a time, while there is room for another peer's", async () => {
  const deeds = openDeeds(2);
  const a1 = deeds.begin("a", "a1");
  void deeds.begin("a", "a2");
  void deeds.begin("b", "b1");
  await settled();
  assert.deepEqual(deeds.begun, ["a1", "b1"]);
  await deeds.end("a1", a1);
  assert.deepEqual(deeds.begun, ["a1", "b1", "a2"]);
});

test("peers take turns, whoever came first and however many of each are waiting", async () => {
  const deeds = openDeeds(1);
  const all = new Map(
    ["a1", "a2", "a3", "b1", "b2", "c1"].map((name) => [name, deeds.begin(name.slice(0, 1), name)] as const),
  );
  await settled();
  for (let turn = 0; turn < all.size; turn++) {
    const name = deeds.begun[turn] ?? "";
    await deeds.end(name, all.get(name) ?? Promise.resolve());
  }
  assert.deepEqual(deeds.begun, ["a1", "b1", "c1", "a2", "b2", "a3"]);
});

test("what is nobody's in particular has all the room, and takes turns with the peers", async () => {
  const deeds = openDeeds(2);
  const first = deeds.begin(null, "1");
  const second = deeds.begin(null, "2");
  void deeds.begin(null, "3");
  void deeds.begin("a", "a1");
  await settled();
  assert.deepEqual(deeds.begun, ["1", "2"]);
  await deeds.end("1", first);
  assert.deepEqual(deeds.begun, ["1", "2", "a1"]);
  await deeds.end("2", second);
  assert.deepEqual(deeds.begun, ["1", "2", "a1", "3"]);
});

test("a deed that fails gives its turn on, and it is empty when the last has ended", async () => {
  const turns = openPeerTurns(1);
  const failed = turns.within("a", async () => Promise.reject(new Error("no")));
  const other = turns.within("a", async () => "done");
  await assert.rejects(failed, /no/);
  assert.equal(await other, "done");
  await turns.empty();
});
