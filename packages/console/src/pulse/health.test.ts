import assert from "node:assert/strict";
import { test } from "node:test";
import type { Pulse } from "@rapport/contract/api";

import { healthOf } from "./health.ts";
import { hourOf } from "./hour.ts";

type Given = {
  lag?: Partial<Pulse["lag"]>;
  gateways?: Pulse["gateways"];
  deadLetters?: number;
  newDeadLetters?: number;
  paused?: Pulse["paused"];
};

function aPulse({ lag, gateways = [], deadLetters = 0, newDeadLetters = 0, paused = [] }: Given = {}): Pulse {
  const none = {
    unresolved: 0,
    unapplied: 0,
    unsent: 0,
    oldestMs: 0,
    oldestUnresolvedMs: 0,
    partitions: [],
    channels: [],
  };
  return {
    at: 0,
    minutes: [],
    perSecond: { accepted: 0, applied: 0, decided: 0, handedOff: 0 },
    lag: { ...none, ...lag },
    gateways,
    paused,
    deadLetters,
    newDeadLetters,
    customers: 0,
    now: [],
  };
}
const aGateway = (state: Pulse["gateways"][number]["state"], faults = 0): Pulse["gateways"] => [
  { name: "mail", channel: "email", perSecond: 500, state, faults },
];
const aPartition = (waitingMs: number, owner: string | null = "1-a"): Partial<Pulse["lag"]> => ({
  partitions: [
    { partition: 6, events: 0, waitingMs: 0, owner: "1-a" },
    { partition: 7, events: 2, waitingMs, owner },
  ],
});
const anUnsent = (oldestMs: number): Partial<Pulse["lag"]> => ({
  unsent: 9,
  channels: [{ channel: "email", unsent: 9, oldestMs }],
});

test("all is well when nothing waits for long, every gateway lets messages through and no letter is dead", () => {
  const flowing = aPulse({
    lag: { unresolved: 120, oldestUnresolvedMs: 400, ...aPartition(900), ...anUnsent(900) },
    gateways: aGateway("closed"),
  });

  assert.deepEqual(healthOf(flowing), { level: "well", troubles: [] });
});

const cases: [what: string, pulse: Pulse, level: string, kinds: string[]][] = [
  ["events wait for half a minute", aPulse({ lag: { unresolved: 5, oldestUnresolvedMs: 31_000 } }), "look", ["behind"]],
  ["events wait for minutes", aPulse({ lag: { unresolved: 5, oldestUnresolvedMs: 400_000 } }), "ill", ["behind"]],
  ["a partition is worked on too slowly", aPulse({ lag: aPartition(31_000) }), "look", ["slow"]],
  ["a partition stands still", aPulse({ lag: aPartition(400_000) }), "ill", ["slow"]],
  ["nobody works on a partition", aPulse({ lag: aPartition(0, null) }), "ill", ["noOwner"]],
  ["a gateway is cut off", aPulse({ gateways: aGateway("open") }), "ill", ["gateway"]],
  ["a gateway has lost its provider", aPulse({ gateways: aGateway("down") }), "ill", ["down"]],
  ["a gateway is tried again", aPulse({ gateways: aGateway("half-open") }), "look", ["trying"]],
  ["hand-offs have begun to fail", aPulse({ gateways: aGateway("closed", 2) }), "look", ["failing"]],
  ["messages wait for a gateway", aPulse({ lag: anUnsent(31_000), gateways: aGateway("closed") }), "look", ["unsent"]],
  ["messages wait for a channel without a gateway", aPulse({ lag: anUnsent(31_000) }), "ill", ["noGateway"]],
  [
    "a policy is paused",
    aPulse({ paused: [{ policy: "tips", since: 0, sent: 1_200, most: 30, waiting: 400 }] }),
    "ill",
    ["paused"],
  ],
  ["a letter is dead", aPulse({ deadLetters: 1 }), "look", ["deadLetters"]],
  ["dead letters are growing", aPulse({ deadLetters: 30, newDeadLetters: 4 }), "look", ["growing"]],
  ["dead letters pour in", aPulse({ deadLetters: 300, newDeadLetters: 140 }), "ill", ["growing"]],
  [
    "the worst is told first",
    aPulse({ deadLetters: 2, gateways: aGateway("open") }),
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
