import assert from "node:assert/strict";
import { test } from "node:test";
import type { Event } from "@rapport/contract/event";

import { emptyProfile } from "../profile/index.ts";
import { modelOf, nothingForeseen, reactToEvents } from "./index.ts";

const model = modelOf({
  features: [],
  policies: [],
  timers: [],
  outlook: nothingForeseen,
  zones: ["UTC"],
  locale: "en",
});
const MINUTE = 60_000;

function replies(...said: [text: string, at: number][]): Event[] {
  return said.map(([text, at]) => ({
    id: `reply/${at}`,
    kind: "reply",
    name: "reply",
    at,
    receivedAt: at,
    claims: [{ kind: "phone", value: "+13125550101" }],
    origin: "person",
    source: "sms",
    channel: "sms",
    properties: { channel: "sms", from: "+13125550101", text },
  }));
}

/** Each is heard at the moment it is said, or all of them at `now`. */
function answered(events: Event[], now?: number) {
  const profile = emptyProfile("ann");
  const idOf = (...parts: string[]) => parts.join("/");
  const all = events.flatMap((event) => reactToEvents(profile, [event], model, now ?? event.at, idOf).messages);
  return all.map((message) => message.template);
}

const cases: [what: string, said: [string, number][], templates: string[]][] = [
  ["STOP is confirmed", [["STOP", 0]], ["opt-out-confirmed"]],
  [
    "STOP said twice is confirmed once",
    [
      ["STOP", 0],
      ["Стоп", MINUTE],
      ["退订", 60 * MINUTE],
    ],
    ["opt-out-confirmed"],
  ],
  [
    "START after STOP is confirmed",
    [
      ["STOP", 0],
      ["START", 10 * MINUTE],
    ],
    ["opt-out-confirmed", "opt-in-confirmed"],
  ],
  [
    "a quarrel of STOP and START is answered once in five minutes",
    [
      ["STOP", 0],
      ["START", 1],
      ["STOP", 2],
    ],
    ["opt-out-confirmed"],
  ],
  [
    "HELP is answered",
    [
      ["HELP", 0],
      ["help!", 1],
      ["помощь", 6 * MINUTE],
    ],
    ["help", "help"],
  ],
  [
    "HELP right after STOP is answered too",
    [
      ["STOP", 0],
      ["HELP", 1],
      ["STOP", 2],
      ["ayuda", 3],
    ],
    ["opt-out-confirmed", "help"],
  ],
  ["an ordinary answer is not", [["thanks, see you", 0]], []],
  ["a sentence with a stop in it is not", [["I will stop by the shop", 0]], []],
];
for (const [what, said, templates] of cases) {
  test(what, () => assert.deepEqual(answered(replies(...said)), templates));
}

test("the confirmation goes to the number that wrote, in the transactional lane, and is not wanted after five minutes", () => {
  const { messages, events } = reactToEvents(emptyProfile("ann"), replies(["STOP", 0]), model, 9, (...parts) =>
    parts.join("/"),
  );
  const [message] = messages;
  assert.deepEqual(
    [message?.address, message?.lane, message?.mustSend, message?.purpose, message?.policy, message?.expiresAt],
    ["+13125550101", 1, true, "service", null, 5 * MINUTE],
  );
  assert.deepEqual(
    events.map((event) => event.name),
    ["reply", "message.planned"],
  );
});

test("an opt-out that was read late, as an import brings it, is kept and not confirmed", () => {
  assert.deepEqual(answered(replies(["STOP", 0]), 6 * MINUTE), []);
});

test("a text that only holds an opt-out word is flagged for a person", () => {
  const { events } = reactToEvents(emptyProfile("ann"), replies(["stop by the shop", 0]), model, 0, (...parts) =>
    parts.join("/"),
  );
  assert.deepEqual(
    events.map((event) => event.name),
    ["reply", "reply flagged"],
  );
});
