import assert from "node:assert/strict";
import { test } from "node:test";
import type { Event } from "@rapport/contract/event";

import { runsOf } from "./timeline-runs.ts";

function anEvent(id: string, more: Partial<Event> = {}): Event {
  return {
    id,
    kind: "track",
    name: "data used",
    at: 0,
    receivedAt: 0,
    claims: [],
    origin: "server",
    source: "server",
    channel: "server",
    ...more,
  };
}
const dayOf = (at: number) => String(Math.floor(at / 100));
const idsOf = (events: Event[]) =>
  runsOf(events, dayOf).map(({ event, alike }) => [event.id, ...alike.map(({ id }) => id)]);

test("the same deed again and again is one line", () => {
  assert.deepEqual(idsOf([anEvent("a"), anEvent("b"), anEvent("c", { name: "call made" })]), [["a", "b"], ["c"]]);
});

test("a run ends with the day, and at whatever comes between", () => {
  assert.deepEqual(idsOf([anEvent("a", { at: 150 }), anEvent("b", { at: 50 })]), [["a"], ["b"]]);
  assert.deepEqual(idsOf([anEvent("a"), anEvent("m", { kind: "reply" }), anEvent("b")]), [["a"], ["m"], ["b"]]);
});

test("messages and answers are never joined", () => {
  assert.deepEqual(idsOf([anEvent("a", { kind: "message" }), anEvent("b", { kind: "message" })]), [["a"], ["b"]]);
});
