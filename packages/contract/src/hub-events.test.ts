import assert from "node:assert/strict";
import { test } from "node:test";

import { isHubEvent } from "./hub-events.ts";

test("names of the hub's own events are its own, and all that begins like its families", () => {
  for (const name of ["consent", "offer declined", "reply", "reply flagged", "trait.confirmed"])
    assert.ok(isHubEvent(name), name);
  for (const name of ["message.sent", "message.read", "decision.act", "decision.other", "identity.apart", "message."])
    assert.ok(isHubEvent(name), name);
});

test("so are names that read the same", () => {
  for (const name of [
    ...[
      "Reply",
      " reply\n",
      "\u00a0reply",
      "reply\u200b",
      "re\u00adply",
      "\u2060reply",
      "re\ufeffply",
      "reply\u3164",
      "reply\ufe0f",
      "reply\0",
      "ｒｅｐｌｙ",
    ],
    ...[
      "reply\u00a0flagged",
      "reply \u200b flagged",
      "MESSAGE.SENT",
      "message\uff0esent",
      "mes\u200dsage.sent",
      " identity.apart",
    ],
  ])
    assert.ok(isHubEvent(name), JSON.stringify(name));
});

test("others are not, however near they come", () => {
  for (const name of [
    ...[
      "",
      "Seen",
      "page",
      "Message Sent",
      "message",
      "messages.sent",
      "message written",
      "decision",
      "identity.user.created",
    ],
    ...["consented", "consent given", "replied", "no reply", "offer accepted", "trait confirmed", "my.message.sent"],
  ])
    assert.ok(!isHubEvent(name), name);
});

test("a page is one of them by its whole name alone", () => {
  assert.ok(isHubEvent("Message.sent", "page"));
  assert.ok(!isHubEvent("message.html", "page"));
});
