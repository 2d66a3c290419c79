import assert from "node:assert/strict";
import { test } from "node:test";
import type { Pulse } from "@rapport/contract/api";

import { healthOf } from "./health.ts";
import { hourOf } from "./hour.ts";

type Given = { lag?: Partial<Pulse["lag"]>; gateways?: Pulse["gateways"]; deadLetters?: number };

function aPulse({ lag, gateways = [], deadLetters = 0 }: Given = {}): Pulse {
  return {
    at: 0,
    minutes: [],
    perSecond: { accepted: 0, applied: 0, decided: 0, handedOff: 0 },
    lag: { unresolved: 0, unapplied: 0, unsent: 0, oldestMs: 0, partitions: [], ...lag },
    gateways,
    deadLetters,
    customers: 0,
    now: [],
  };
}
const mail = { name: "mail", channel: "email", perSecond: 500 };

test("all is well when nothing waits, no gateway is cut off and no letter is dead", () => {
  const flowing = aPulse({
    lag: { unresolved: 120, oldestMs: 400, unsent: 3 },
    gateways: [{ ...mail, state: "closed" }],
  });

  assert.deepEqual(healthOf(flowing), { level: "well", troubles: [] });
});

const cases: [what: string, pulse: Pulse, level: string, kinds: string[]][] = [
  ["events wait for half a minute", aPulse({ lag: { unresolved: 5, oldestMs: 31_000 } }), "look", ["behind"]],
  ["events wait for minutes", aPulse({ lag: { unresolved: 5, oldestMs: 400_000 } }), "ill", ["behind"]],
  ["a gateway is cut off", aPulse({ gateways: [{ ...mail, state: "open" }] }), "ill", ["gateway"]],
  ["a gateway is tried again", aPulse({ gateways: [{ ...mail, state: "half-open" }] }), "look", ["trying"]],
  ["a letter is dead", aPulse({ deadLetters: 1 }), "look", ["deadLetters"]],
  [
    "nobody works on a partition",
    aPulse({ lag: { partitions: [{ partition: 7, events: 2, owner: null }] } }),
    "ill",
    ["noOwner"],
  ],
  [
    "the worst is told first",
    aPulse({ deadLetters: 2, gateways: [{ ...mail, state: "open" }] }),
    "ill",
    ["gateway", "deadLetters"],
  ],
];
for (const [what, pulse, level, kinds] of cases) {
  test(`the pulse is not well when ${what}`, () => {
    const health = healthOf(pulse);

    assert.equal(health.level, level);
    assert.deepEqual(
      health.troubles.map(({ kind }) => kind),
      kinds,
    );
  });
}

test("the hour has sixty minutes, and those in which nothing happened are zero", () => {
  const now = 1_795_314_662_625;
  const minute = Math.floor(now / 60_000) * 60_000;
  const hour = hourOf(
    [{ at: minute, sums: { "event.track": 4, "event.page": 2, "decision.act": 1, "message.sent": 3 } }],
    now,
  );

  assert.equal(hour.length, 60);
  assert.deepEqual(hour[59], { at: minute, events: 6, acted: 1, nothing: 0, sent: 3, delivered: 0, answered: 0 });
  assert.equal(hour[0]?.events, 0);
});
