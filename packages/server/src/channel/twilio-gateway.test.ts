import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { test } from "node:test";

import { openOutboundHttp } from "../platform/outbound-http.ts";
import type { Handoff } from "./gateway.ts";
import { gatewayContract } from "./gateway-contract.ts";
import { openTwilioGateway, type TwilioGatewayOptions } from "./twilio-gateway.ts";

type Taken = { form: URLSearchParams; url: string; authorization: string | undefined };

type Answer = { status: number; body: string; headers?: Record<string, string> };

/** A provider that answers by the number, or always as it is told. */
async function openProvider(always?: Answer) {
  const taken: Taken[] = [];
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    void text(request).then((body) => {
      const form = new URLSearchParams(body);
      const to = form.get("To") ?? "";
      const answer = always ?? answerTo(to, taken.length + 1);
      if (answer.status < 300)
        taken.push({ form, url: request.url ?? "", authorization: request.headers.authorization });
      if (to.endsWith("66")) request.socket.destroy();
      else response.writeHead(answer.status, answer.headers).end(answer.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const http = openOutboundHttp({ allowHosts: [`127.0.0.1:${port}`], timeoutMs: 2_000, largestAnswerBytes: 10_000 });
  const close = async () => {
    http.close();
    await new Promise((resolve) => server.close(resolve));
  };
  return { taken, http, close, baseUrl: `http://127.0.0.1:${port}` };
}

function answerTo(to: string, count: number): Answer {
  if (to.endsWith("77"))
    return { status: 400, body: JSON.stringify({ code: 21211, message: "Invalid 'To' Phone Number" }) };
  if (to.endsWith("88")) return { status: 429, body: JSON.stringify({ code: 20429, message: "Too Many Requests" }) };
  return { status: 201, body: JSON.stringify({ sid: `SM${count}`, status: "queued" }) };
}

const aTwilioGateway = (
  provider: Pick<TwilioGatewayOptions, "http" | "baseUrl">,
  over: Partial<TwilioGatewayOptions> = {},
) =>
  openTwilioGateway({
    name: "twilio",
    accountSid: "AC1",
    authToken: "token",
    sender: "+13125550100",
    statusCallback: "https://hub.example/v1/hooks/twilio/status",
    ratePerSecond: 10,
    now: () => Date.parse("2026-11-01T10:00:00Z"),
    ...provider,
    ...over,
  });

const anSms: Handoff = {
  key: "run/7",
  lane: "journey",
  to: "+13125550101",
  content: { kind: "sms", text: "Привет & €" },
  unsubscribe: null,
};

gatewayContract("the Twilio gateway", async () => {
  const provider = await openProvider();
  return {
    gateway: aTwilioGateway(provider),
    addresses: { good: "+13125550101", unknown: "+13125550177", busy: "+13125550188", vanishing: "+13125550166" },
    delivered: () => provider.taken.map(({ form }) => ({ to: form.get("To") ?? "", text: form.get("Body") ?? "" })),
    close: provider.close,
  };
});

test("a message is posted as the provider expects, with the key in its callback", async () => {
  const provider = await openProvider();
  await aTwilioGateway(provider).send(anSms);
  await provider.close();

  const [{ form, url, authorization } = { form: new URLSearchParams(), url: "", authorization: "" }] = provider.taken;
  assert.equal(url, "/2010-04-01/Accounts/AC1/Messages.json");
  assert.equal(authorization, `Basic ${Buffer.from("AC1:token").toString("base64")}`);
  assert.deepEqual(Object.fromEntries(form), {
    From: "+13125550100",
    To: "+13125550101",
    Body: "Привет & €",
    StatusCallback: "https://hub.example/v1/hooks/twilio/status?key=run%2F7",
  });
});

const answers: [what: string, answer: Answer, result: Record<string, unknown>][] = [
  [
    "429 with seconds",
    { status: 429, body: "", headers: { "retry-after": "7" } },
    { kind: "later", retryAfterMs: 7_000 },
  ],
  [
    "429 with a date",
    { status: 429, body: "", headers: { "retry-after": "Sun, 01 Nov 2026 10:01:00 GMT" } },
    { kind: "later", retryAfterMs: 60_000 },
  ],
  ["503", { status: 503, body: "<html>" }, { kind: "later", retryAfterMs: null }],
  ["401", { status: 401, body: "{}" }, { kind: "later" }],
  [
    "a person who opted out",
    { status: 400, body: '{"code":21610,"message":"unsubscribed"}' },
    { kind: "refused", reason: "opted-out" },
  ],
  ["a text too long", { status: 400, body: '{"code":21617}' }, { kind: "refused", reason: "content" }],
  ["a redirect", { status: 302, body: "", headers: { location: "http://169.254.169.254/" } }, { kind: "later" }],
];
for (const [what, answer, expected] of answers) {
  test(`${what} is ${expected.kind}`, async () => {
    const provider = await openProvider(answer);
    assert.partialDeepStrictEqual(await aTwilioGateway(provider).send(anSms), expected);
    await provider.close();
  });
}

test("a success that names no message is a fault", async () => {
  const provider = await openProvider({ status: 200, body: "[]" });
  await assert.rejects(aTwilioGateway(provider).send(anSms), /names no message/);
  await provider.close();
});

test("a base URL that leads inward is refused unless it is on the list", async () => {
  const http = openOutboundHttp({ allowHosts: [], timeoutMs: 100, largestAnswerBytes: 10 });
  assert.partialDeepStrictEqual(await aTwilioGateway({ http, baseUrl: "http://127.0.0.1:1" }).send(anSms), {
    kind: "later",
    detail: "127.0.0.1 is not a public address",
  });
});
