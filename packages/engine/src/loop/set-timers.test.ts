import assert from "node:assert/strict";
import { test } from "node:test";
import type { Event } from "@rapport/contract/event";
import { ORIGINS } from "@rapport/contract/origin";

import { emptyProfile } from "../profile/index.ts";
import { modelOf, nothingForeseen, reactToEvents } from "./index.ts";

const cap = { limit: 100, windowMs: 86_400_000 };
const model = modelOf({
  features: [],
  policies: [],
  timers: [{ name: "late", on: ["begun"], until: ["ended"], from: ORIGINS, afterMs: 100 }],
  browserEvents: ["begun", "ended"].map((event) => ({ event, perCustomer: cap, perAddress: cap, perPeer: cap })),
  outlook: nothingForeseen,
  zones: ["UTC"],
  locale: "en",
});

/** What becomes of the timer when these are told in one batch, one a millisecond from 1 on. */
function timerAfter(...told: [origin: Event["origin"], name: "begun" | "ended"][]) {
  const events = told.map(([origin, name], index): Event => {
    const at = index + 1;
    const given = { id: `e${at}`, kind: "track", name, origin, at, receivedAt: at } as const;
    return { ...given, claims: [], source: "test", channel: "web" };
  });
  return reactToEvents(emptyProfile("c"), events, model, 0, (...parts) => parts.join("/")).timers.get("late");
}

test("a timer that is set again is moved, but by nobody who is believed less than who set it", () => {
  const set = (dueAt: number, causedBy: Event["origin"] | null) => ({ ended: false, set: { dueAt, causedBy } });

  assert.deepEqual(timerAfter(["server", "begun"], ["server", "begun"]), set(102, null));
  assert.deepEqual(timerAfter(["server", "begun"], ["browser", "begun"]), set(101, null));
  assert.deepEqual(timerAfter(["browser", "begun"], ["person", "begun"]), set(102, null));
  assert.deepEqual(timerAfter(["browser", "begun"], ["browser", "begun"]), set(102, "browser"));
  assert.deepEqual(timerAfter(["claimed-person", "begun"], ["browser", "begun"]), set(101, "claimed-person"));
  assert.deepEqual(timerAfter(["browser", "begun"], ["claimed-person", "begun"]), set(102, "claimed-person"));
});

test("after its end it is set anew by whoever is heard, and what stood before the batch is ended first", () => {
  assert.deepEqual(timerAfter(["server", "begun"], ["server", "ended"]), { ended: true, set: null });
  assert.deepEqual(timerAfter(["server", "begun"], ["server", "ended"], ["browser", "begun"]), {
    ended: true,
    set: { dueAt: 103, causedBy: "browser" },
  });
});
