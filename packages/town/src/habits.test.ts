import assert from "node:assert/strict";
import { test } from "node:test";

import { offeredKey, type Reaction, type Received, replyOf } from "./habits.ts";
import { peopleOf } from "./person.ts";
import { randomOf } from "./random-of.ts";

const offers: [text: string, key: string | null][] = [
  ["Reply 1 to add 5 GB for $10", "1"],
  ["Reply YES to switch", "YES"],
  ["Ответьте «1», чтобы подключить", "1"],
  ["Отправьте ДА", "ДА"],
  ["回复1办理", "1"],
  ["回复“是”确认", "是"],
  ["Your bill is 12 dollars", null],
  ["Press 15 times", null],
];
for (const [text, key] of offers) {
  test(`"${text}" offers ${key ?? "no answer"}`, () => assert.equal(offeredKey(text), key));
}

const people = peopleOf({ seed: 3, count: 2_000 });
const reactions = (message: Received) => people.map((person) => replyOf(person, message, randomOf(3, person.id)));
const anOffer: Received = { channel: "sms", text: "Reply 1, ответьте 1, 回复1", canUnsubscribe: false, links: [] };
const share = (all: Reaction[], kind: Reaction["kind"]) => all.filter((one) => one.kind === kind).length / all.length;

test("a reaction follows from the person and the dice alone", () =>
  assert.deepEqual(reactions(anOffer), reactions(anOffer)));

test("most read an SMS, some answer an offer, few ask to be left alone", () => {
  const all = reactions(anOffer);
  assert.ok(share(all, "ignores") < 0.2);
  assert.ok(share(all, "answers") > 0.15 && share(all, "answers") < 0.5);
  assert.ok(share(all, "stops") > 0 && share(all, "stops") < 0.03);
});

test("nobody answers what offers no answer, and mail is ignored more than SMS", () => {
  const all = reactions({ channel: "email", text: "News", canUnsubscribe: true, links: ["https://hub.example/x"] });
  assert.equal(share(all, "answers"), 0);
  assert.ok(share(all, "ignores") > 0.25 && share(all, "clicks") > 0.03 && share(all, "unsubscribes") > 0);
});
