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
  assert.equal(joined.add(part(3, "c"), 0), null);
  assert.equal(joined.add(part(1, "a"), 0), null);
  assert.equal(joined.add(part(1, "a"), 0), null);
  assert.equal(joined.add(part(2, "b"), 0), "abc");
  assert.equal(joined.add(part(2, "b"), 0), "abc", "it is kept until it was heard");
  joined.done(part(2, "b"));
  assert.equal(joined.add(part(2, "b"), 0), null);
});

test("senders and references are kept apart", () => {
  const joined = new JoinedParts();
  joined.add(part(1, "a"), 0);
  joined.add(part(2, "b", { sender: "b" }), 0);
  assert.equal(joined.add(part(3, "c", { reference: 2 }), 0), null);
});

test("a part with a place outside its message changes nothing", () => {
  assert.equal(new JoinedParts().add(part(9, "x", { total: 2 }), 0), null);
});

test("what stays unfinished is given up with its gaps marked, once", () => {
  const joined = new JoinedParts();
  joined.add(part(1, "a"), 5);
  assert.deepEqual(joined.giveUp(5), []);
  assert.deepEqual(joined.giveUp(6), [{ sender: "a", text: "a……" }]);
  assert.deepEqual(joined.giveUp(6), []);
});
