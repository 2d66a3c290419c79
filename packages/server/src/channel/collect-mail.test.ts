import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { test } from "node:test";

import { collectMail } from "./collect-mail.ts";

const chunks = (count: number) => Readable.from(Array.from({ length: count }, (_, n) => Buffer.from(`${n}`)));
const nothing = () => undefined;

test("a letter is collected whole, one chunk in a turn of the event loop at most", async () => {
  let turns = 0;
  const turn = () => {
    turns += 1;
    waiting = setImmediate(turn);
  };
  let waiting = setImmediate(turn);
  const raw = await collectMail(chunks(9), 100, nothing);
  clearImmediate(waiting);
  assert.equal(String(raw), "012345678");
  assert.ok(turns >= 8, `${turns} turns`);
});

test("beyond the largest nothing is kept, and beyond twice that nothing is waited for", async () => {
  assert.equal(await collectMail(chunks(5), 5, nothing).then(String), "01234");
  assert.equal(await collectMail(chunks(6), 5, nothing), "too large");
  const endless = Readable.from(
    (function* () {
      for (;;) yield Buffer.from("x");
    })(),
  );
  assert.equal(await collectMail(endless, 5, nothing), "endless");
  assert.ok(endless.destroyed);
});

test("of a large letter two megabytes are taken a second, after the first megabyte", async () => {
  const raw = Readable.from(Array.from({ length: 20 }, () => Buffer.alloc(100_000)));
  const began = performance.now();
  const letter = await collectMail(raw, 10_000_000, nothing);
  const ms = performance.now() - began;
  assert.equal(letter.length, 2_000_000);
  // The second megabyte takes 500 ms at least; timers may fire a millisecond early.
  assert.ok(ms >= 485, `${ms} ms`);
});
