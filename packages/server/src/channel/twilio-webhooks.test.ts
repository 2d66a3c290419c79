import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";

import { isSignedByTwilio, readTwilioMessage, readTwilioStatus, type TwilioWebhook } from "./twilio-webhooks.ts";

// The example of the provider's own documentation and libraries.
const documented: TwilioWebhook = {
  url: "https://mycompany.com/myapp.php?foo=1&bar=2",
  signature: "RSOYDt4T1cUTdK1PDd93/VVr8B8=",
  params: {
    CallSid: "CA1234567890ABCDE",
    Caller: "+14158675309",
    Digits: "1234",
    From: "+14158675309",
    To: "+18005551212",
  },
};

test("the documented example is signed", () => assert.equal(isSignedByTwilio(documented, "12345"), true));

test("a URL that a proxy wrote with or without its port is the same", () => {
  assert.equal(
    isSignedByTwilio({ ...documented, url: "https://mycompany.com:443/myapp.php?foo=1&bar=2" }, "12345"),
    true,
  );
  const signature = createHmac("sha1", "12345").update("https://mycompany.com:443/x").digest("base64");
  assert.equal(isSignedByTwilio({ url: "https://mycompany.com/x", signature, params: {} }, "12345"), true);
});

const forged: [what: string, webhook: TwilioWebhook, token: string][] = [
  ["no signature", { ...documented, signature: undefined }, "12345"],
  ["an empty one", { ...documented, signature: "" }, "12345"],
  ["one cut short", { ...documented, signature: "RSOYDt4T1cUTdK1PDd93" }, "12345"],
  ["one too long", { ...documented, signature: "RSOYDt4T1cUTdK1PDd93/VVr8B8=AAAA".repeat(50) }, "12345"],
  ["no base64", { ...documented, signature: "!!!!" }, "12345"],
  ["another secret", documented, "54321"],
  ["a changed field", { ...documented, params: { ...documented.params, Digits: "9999" } }, "12345"],
  ["an added field", { ...documented, params: { ...documented.params, Extra: "1" } }, "12345"],
  ["another path", { ...documented, url: "https://mycompany.com/other.php?foo=1&bar=2" }, "12345"],
  ["no URL", { ...documented, url: "nonsense" }, "12345"],
];
for (const [what, webhook, token] of forged) {
  test(`${what} is not signed, without a fault`, () => assert.equal(isSignedByTwilio(webhook, token), false));
}

const aStatus = (params: Record<string, string>) =>
  readTwilioStatus("twilio", { url: "https://hub.example/t?key=run%2F7", signature: undefined, params }, 9);

test("a status callback is a receipt with the key of its URL", () => {
  assert.deepEqual(aStatus({ MessageSid: "SM1", MessageStatus: "delivered" }), {
    kind: "receipt",
    gateway: "twilio",
    providerId: "SM1",
    key: "run/7",
    status: "delivered",
    reason: null,
    at: 9,
  });
  const failed = aStatus({ MessageSid: "SM1", MessageStatus: "undelivered", ErrorCode: "30003" });
  assert.deepEqual(failed?.kind === "receipt" && [failed.status, failed.reason], ["failed", "undelivered 30003"]);
});

test("what is on its way is no receipt", () => {
  for (const MessageStatus of ["accepted", "queued", "sending", "sent", "anything", "__proto__"])
    assert.equal(aStatus({ MessageSid: "SM1", MessageStatus }), null);
});

test("a message is a reply with the same id each time", () => {
  const webhook = {
    url: "https://hub.example/t",
    signature: undefined,
    params: { From: "+13125550101", To: "+13125550100", Body: "Стоп", MessageSid: "SM2" },
  };
  const [first, again] = [readTwilioMessage("twilio", webhook, 1), readTwilioMessage("twilio", webhook, 2)];
  assert.ok(first?.kind === "reply" && again?.kind === "reply");
  assert.deepEqual([first.text, first.id], ["Стоп", again.id]);
});

test("a number whose plus became a space, or was left out, is the same number", () => {
  const url = "https://hub.example/gateways/twilio/inbound";
  for (const From of ["+5215512345678", " 5215512345678", "5215512345678"]) {
    const params = { From, To: "12345", Body: "STOP", MessageSid: "SM1" };
    const touch = readTwilioMessage("twilio", { url, signature: undefined, params }, 1);
    assert.deepEqual(touch?.kind === "reply" && [touch.from, touch.to], ["+5215512345678", "12345"]);
  }
});

test("a message that ended because its number had opted out says so", () => {
  const url = "https://hub.example/gateways/twilio/status?key=k";
  for (const [ErrorCode, isOptedOut] of [
    ["21610", true],
    ["30003", false],
  ] as const) {
    const params = { MessageSid: "SM1", MessageStatus: "undelivered", ErrorCode };
    const touch = readTwilioStatus("twilio", { url, signature: undefined, params }, 1);
    assert.deepEqual(touch?.kind === "receipt" && [touch.status, touch.isOptedOut ?? false], ["failed", isOptedOut]);
  }
});
