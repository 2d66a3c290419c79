import assert from "node:assert/strict";
import { test } from "node:test";

import { isTooDeep, nestingOf } from "./nesting.ts";
import { readFrame } from "./read-frame.ts";

const bytes = (json: unknown) => Buffer.from(JSON.stringify(json));

test("Nesting counts brackets, and not those inside strings", () => {
  assert.equal(nestingOf(bytes({ a: [{ b: '[[[\\"{{' }, "]]]"] })), 3);
  assert.equal(nestingOf(bytes("[")), 0);
});

test("A call too deep to be written out again is set aside, and its neighbours in the batch go through", () => {
  const call = (messageId: string, properties: string) =>
    `{"type":"track","userId":"u","event":"e","messageId":"${messageId}","properties":{"a":${properties}}}`;
  const deep = `${"[".repeat(10_000)}${"]".repeat(10_000)}`;
  const body = Buffer.from(`{"batch":[${call("good", "1")},${call("deep", deep)}]}`);
  const read = readFrame(
    {
      format: "segment",
      call: null,
      source: "s",
      origin: "server",
      idSpace: null,
      frameId: "f",
      receivedAt: 0,
      lane: 3,
      body,
    },
    { secrets: [], required: false },
  );
  assert.deepEqual(
    read.map((one) => one.kind),
    ["event", "fault"],
  );
  assert.ok(!isTooDeep({ a: { b: 1 } }));
});
