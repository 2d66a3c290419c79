import assert from "node:assert/strict";
import { test } from "node:test";

import fc from "fast-check";

import { applyStatus, foldStatus, isFinal, type Status, type StatusEntry } from "./message-status.ts";

function anEntry(status: Status, more: Partial<StatusEntry> = {}): StatusEntry {
  return { status, at: 1000, attempt: 1, reason: null, ...more };
}

const cases: [what: string, log: StatusEntry[], becomes: Status][] = [
  ["receipts come in reverse order", [anEntry("seen"), anEntry("delivered"), anEntry("sent")], "seen"],
  [
    "each receipt comes three times",
    [anEntry("sent"), anEntry("delivered"), anEntry("delivered"), anEntry("sent")],
    "delivered",
  ],
  ["a bounce comes after the hand-off", [anEntry("sent"), anEntry("failed", { at: 9000 })], "failed"],
  [
    "a failure is reported late for a message that arrived",
    [anEntry("delivered"), anEntry("failed", { at: 9e8 })],
    "delivered",
  ],
  ["a second attempt waits", [anEntry("sending"), anEntry("queued", { attempt: 2, reason: "busy" })], "queued"],
  [
    "it is suppressed at the moment of sending",
    [anEntry("sending"), anEntry("suppressed", { reason: "cap" })],
    "suppressed",
  ],
  ["it was handed off after all", [anEntry("suppressed"), anEntry("sent")], "sent"],
  ["the customer answers before the receipt", [anEntry("answered"), anEntry("sent"), anEntry("delivered")], "answered"],
];
for (const [what, log, becomes] of cases) {
  test(`a message is ${becomes} when ${what}`, () => assert.equal(foldStatus(log)?.status, becomes));
}

const entries = fc.array(
  fc.record<StatusEntry>({
    status: fc.constantFrom<Status>(
      "planned",
      "queued",
      "sending",
      "sent",
      "delivered",
      "seen",
      "answered",
      "suppressed",
      "expired",
      "failed",
    ),
    at: fc.nat(20),
    attempt: fc.nat(3),
    reason: fc.constantFrom(null, "busy", "bounced"),
  }),
  { minLength: 1, maxLength: 12 },
);

test("any order and any repetition of the same log comes to the same state", () => {
  const shuffled = entries.chain((log) =>
    fc.tuple(fc.constant(log), fc.shuffledSubarray([...log, ...log], { minLength: 2 * log.length })),
  );
  fc.assert(fc.property(shuffled, ([log, again]) => assert.deepEqual(foldStatus(again), foldStatus(log))));
});

test("each status is news once", () => {
  fc.assert(
    fc.property(entries, (log) => {
      const news: Status[] = [];
      let state = null;
      for (const entry of [...log, ...log]) {
        const next = applyStatus(state, entry);
        state = next.state;
        if (next.news) news.push(next.news);
      }
      assert.deepEqual(news.toSorted(), [...new Set(log.map(({ status }) => status))].toSorted());
    }),
  );
});

test("only what is planned, queued or being sent is still the hub's to do", () => {
  const open = (["planned", "queued", "sending"] as const).map((status) => isFinal({ status }));
  assert.deepEqual(
    [...open, isFinal({ status: "sent" }), isFinal({ status: "suppressed" })],
    [false, false, false, true, true],
  );
});
