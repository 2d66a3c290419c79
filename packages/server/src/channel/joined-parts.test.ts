import assert from "node:assert/strict";
import { test } from "node:test";

import { JoinedParts } from "./joined-parts.ts";

const part = (index: number, text: string, over = {}) => ({
  sender: "a",
  reference: 1,
  total: 3,
  index,
  text,
  ...over,
});

test("parts are joined in their order, however they come", () => {
  const joined = new JoinedParts();
  assert.equal(joined.add(part(3, "c"), 0).whole, null);
  assert.equal(joined.add(part(1, "a"), 0).whole, null);
  assert.equal(joined.add(part(1, "a"), 0).whole, null);
  assert.equal(joined.add(part(2, "b"), 0).whole, "abc");
  assert.equal(joined.add(part(2, "b"), 0).whole, "abc", "it is kept until it was heard");
  joined.done(part(2, "b"));
  assert.equal(joined.add(part(2, "b"), 0).whole, null);
});

test("senders and references are kept apart", () => {
  const joined = new JoinedParts();
  joined.add(part(1, "a"), 0);
  joined.add(part(2, "b", { sender: "b" }), 0);
  assert.equal(joined.add(part(3, "c", { reference: 2 }), 0).whole, null);
});

test("a part with a place outside its message changes nothing", () => {
  assert.equal(new JoinedParts().add(part(9, "x", { total: 2 }), 0).whole, null);
});

test("what stays unfinished is given up with its gaps marked, once", () => {
  const joined = new JoinedParts();
  joined.add(part(1, "a"), 5);
  assert.deepEqual(joined.giveUp(5), []);
  assert.deepEqual(joined.giveUp(6), [{ sender: "a", text: "a……" }]);
  assert.deepEqual(joined.giveUp(6), []);
});

test("one sender's unfinished messages push out its own oldest, which is told of, and nobody else's", () => {
  const joined = new JoinedParts();
  joined.add(part(1, "STOP", { sender: "ann", total: 2 }), 0);
  const gaveWay = Array.from({ length: 1_001 }, (_, reference) =>
    joined.add(part(2, `x${reference}`, { sender: "eve", reference }), 1),
  ).flatMap((added) => added.gaveWay ?? []);
  assert.deepEqual(gaveWay.slice(0, 2), [
    { sender: "eve", text: "…x0…" },
    { sender: "eve", text: "…x1…" },
  ]);
  assert.equal(gaveWay.length, 981);
  assert.equal(joined.add(part(2, " ALL", { sender: "ann", total: 2 }), 2).whole, "STOP ALL");
  assert.equal(joined.giveUp(2).filter(({ sender }) => sender === "eve").length, 20);
});

test("beyond a thousand unfinished messages of all, the oldest gives way and is told of", () => {
  const joined = new JoinedParts();
  const added = Array.from({ length: 1_001 }, (_, n) => joined.add(part(1, `x${n}`, { sender: `s${n}`, total: 2 }), n));
  assert.deepEqual(
    added.flatMap(({ gaveWay }) => gaveWay ?? []),
    [{ sender: "s0", text: "x0…" }],
  );
});
