import assert from "node:assert/strict";
import { test } from "node:test";
import type { Event } from "@rapport/contract/event";

import { anAction, aPolicy } from "../decision/a-decision.ts";
import { replay } from "../decision/index.ts";
import { emptyProfile, foldEvent, type Profile } from "../profile/index.ts";
import { modelOf, nothingForeseen, reactToEvents } from "./index.ts";

const DAY = 86_400_000;
const policy = aPolicy({
  on: ["asked"],
  channels: { email: { cost: 0.01 }, sms: { cost: 0.02 } },
  actions: [anAction({ success: 1 })],
});
const model = modelOf({
  features: [],
  policies: [policy],
  timers: [],
  outlook: nothingForeseen,
  zones: ["UTC"],
  locale: "en",
});
const idOf = (...parts: string[]) => parts.join("/");

const anEvent = (given: Partial<Event> & Pick<Event, "id" | "at">): Event => ({
  kind: "track",
  name: "asked",
  receivedAt: given.at,
  claims: [],
  origin: "server",
  source: "test",
  channel: "server",
  ...given,
});

/** Asks the policy every third day; each message is handed off, and what `habit` says comes back of it. */
function live(days: number, habit: (channel: string, messageId: string, at: number) => Event[]) {
  const profile = emptyProfile("ann");
  const log: Event[] = [];
  const channels: string[] = [];
  const hear = (event: Event) => {
    const reaction = reactToEvents(profile, [event], model, event.at, idOf);
    log.push(...reaction.events);
    return reaction;
  };
  const traits = { email: "ann@example.org", phone: "+12025550123" };
  hear(anEvent({ id: "who", at: 0, kind: "identify", name: "identify", traits }));
  for (let day = 1; day <= days; day += 3) {
    const { messages, decisions } = hear(anEvent({ id: `ask/${day}`, at: day * DAY }));
    for (const { record } of decisions)
      assert.deepEqual(replay(policy, JSON.parse(JSON.stringify(record))), JSON.parse(JSON.stringify(record)));
    for (const { messageId, channel, sendAt } of messages) {
      channels.push(channel);
      const sent = { messageId, channel, purpose: "service", status: "sent" };
      const id = `${messageId}/sent`;
      hear(
        anEvent({
          id,
          at: sendAt,
          kind: "message",
          name: "message.sent",
          properties: sent,
          origin: "hub",
          source: "hub",
        }),
      );
      for (const event of habit(channel, messageId, sendAt)) hear(event);
    }
  }
  return { profile, log, channels };
}

const replies = (channel: "sms" | "email", at: number): Event =>
  anEvent({
    id: `reply/${at}`,
    at: at + 60_000,
    kind: "reply",
    name: "reply",
    channel,
    properties: { channel, text: "thanks" },
  });

test("a customer who never answers mail and always answers texts comes to be written to by text", () => {
  const { channels, profile } = live(60, (channel, _, at) => (channel === "sms" ? [replies("sms", at)] : []));

  assert.equal(channels[0], "email");
  assert.deepEqual(channels.slice(-8), new Array(8).fill("sms"));
  assert.ok(Object.values(profile.proofs).every((proof) => proof.seen !== undefined));
});

test("a customer who answers mail goes on getting mail", () => {
  const { channels } = live(60, (channel, _, at) => (channel === "email" ? [replies("email", at)] : []));
  assert.ok(channels.every((channel) => channel === "email"));
});

test("a profile with what was learned is the fold of its events, decisions and answers among them", () => {
  const { profile, log } = live(60, (channel, _, at) => (channel === "sms" ? [replies("sms", at)] : []));
  const folded: Profile = emptyProfile("ann");
  for (const event of log.toReversed()) foldEvent(folded, event, model.featureIndex);

  const canonical = (value: unknown) => JSON.parse(JSON.stringify(value));
  assert.deepEqual(canonical(folded), canonical(profile));
});

test("what a customer's profile keeps of it stays small", () => {
  const { profile } = live(300, (channel, _, at) => (channel === "sms" ? [replies("sms", at)] : []));
  assert.ok(Object.keys(profile.proofs).length <= 21, `${Object.keys(profile.proofs).length} proofs`);
});
