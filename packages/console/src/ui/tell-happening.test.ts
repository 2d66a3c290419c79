import assert from "node:assert/strict";
import { test } from "node:test";

import { LANGUAGES, type Language } from "../language/languages.ts";
import { fill, type Message } from "../language/words.ts";
import { decisionOf, type Happening, tellHappening } from "./tell-happening.ts";

function sayIn(language: Language) {
  const { words, locale } = LANGUAGES[language];
  const known: Record<string, Message> = words;
  return (key: string, given: Readonly<Record<string, string | number>> = {}) => {
    const message = known[key];
    return message === undefined ? null : fill(message, given, locale);
  };
}

function aHappening(more: Partial<Happening> = {}): Happening {
  return { kind: "track", name: "data used", channel: "server", detail: {}, ...more };
}

const cases: [what: string, happening: Happening, en: string, zh: string][] = [
  ["a deed", aHappening({ detail: { mb: 26.2 } }), "data used: mb 26.2", "data used：mb 26.2"],
  ["a page", aHappening({ kind: "page", name: "Help" }), "Looked at the page “Help”", "浏览页面“Help”"],
  [
    "a message",
    aHappening({ kind: "message", name: "message.delivered", detail: { channel: "sms" } }),
    "A message by SMS was delivered",
    "SMS消息已送达",
  ],
  [
    "a message with a subject",
    aHappening({ kind: "message", name: "message.sent", detail: { channel: "email", subject: "Hi" } }),
    "Was sent a message by e-mail: “Hi”",
    "已发送邮件消息：“Hi”",
  ],
  [
    "an answer",
    aHappening({ kind: "reply", name: "reply", detail: { channel: "email", text: "1" } }),
    "Answered by e-mail: “1”",
    "通过邮件回复：“1”",
  ],
  [
    "a withdrawal",
    aHappening({
      kind: "consent",
      name: "consent",
      detail: { status: "withdrawn", purpose: "marketing", channel: "email" },
    }),
    "Withdrew consent to marketing by e-mail",
    "撤回通过邮件接收营销的同意",
  ],
  [
    "a decision",
    aHappening({ kind: "decision", name: "decision.act", detail: { outcome: "act", action: "plan", item: "surf" } }),
    "Decided: plan, surf",
    "决定：plan, surf",
  ],
];
for (const [what, happening, english, chinese] of cases) {
  test(`${what} is told in words of the reader's language`, () => {
    assert.equal(tellHappening(happening, sayIn("en")), english);
    assert.equal(
      tellHappening(happening, sayIn("zh")),
      chinese.replace("SMS", LANGUAGES.zh.words["channel.sms"] as string),
    );
  });
}

test("what there are no words for is told by its name", () => {
  assert.equal(
    tellHappening(aHappening({ kind: "message", name: "message.teleported" }), sayIn("ru")),
    "message.teleported",
  );
  assert.equal(tellHappening(aHappening({ kind: "unheard-of", name: "a thing" }), sayIn("ru")), "a thing");
});

test("a message whose way is not told is told by its status, and ids are left out of a deed", () => {
  const answered = aHappening({ kind: "message", name: "message.answered", channel: "hub" });
  const accepted = aHappening({ name: "plan accepted", detail: { messageId: "93a49502", item: "surf" } });

  assert.equal(tellHappening(answered, sayIn("en")), "A message: answered");
  assert.equal(tellHappening(accepted, sayIn("en")), "plan accepted: item surf");
});

test("a long answer is cut short, and a message leads to its decision", () => {
  const long = aHappening({ kind: "reply", detail: { channel: "sms", text: "a".repeat(500) } });

  assert.ok(tellHappening(long, sayIn("en")).length < 200);
  assert.equal(decisionOf({ detail: { decisionId: "d1" } }), "d1");
  assert.equal(decisionOf({ detail: {} }), null);
});
