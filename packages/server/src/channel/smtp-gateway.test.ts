import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { after, before, test } from "node:test";

import { simpleParser } from "mailparser";

import type { Handoff } from "./gateway.ts";
import { gatewayContract } from "./gateway-contract.ts";
import { openMailSink, type SunkMail } from "./peers/mail-sink.ts";
import { verifyDkim } from "./peers/verify-dkim.ts";
import { openSealedKey } from "./sealed-key.ts";
import { openSmtpGateway, type SmtpGatewayOptions } from "./smtp-gateway.ts";

const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });

const anSmtpGateway = (over: Partial<SmtpGatewayOptions>) =>
  openSmtpGateway({
    name: "relay",
    host: "127.0.0.1",
    port: 25,
    security: "plain",
    ownRoots: null,
    auth: null,
    from: { name: "Телеком", address: "hello@hub.example" },
    domain: "hub.example",
    secret: "a secret",
    dkim: {
      domain: "hub.example",
      selector: "s1",
      privateKey: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    },
    ratePerSecond: 100,
    connectionsPerLane: 3,
    timeoutMs: 2_000,
    ...over,
  });

const aMail = (
  over: Partial<Handoff> = {},
  subject = "Your data",
  html: string | null = "<p>Hello <b>Anna</b></p>",
): Handoff => ({
  key: "run/7/2/email",
  lane: "journey",
  to: "anna@town.example",
  content: { kind: "email", subject, text: "Hello Anna", html },
  unsubscribe: { url: `https://hub.example/u/${"k".repeat(120)}`, mailto: "unsubscribe@hub.example?subject=stop" },
  ...over,
});

gatewayContract("the SMTP gateway", async () => {
  const sink = await openMailSink();
  const gateway = anSmtpGateway({ port: sink.port });
  const parsed = new Map<SunkMail, string>();
  return {
    gateway: {
      ...gateway,
      async send(handoff) {
        const result = await gateway.send(handoff);
        for (const mail of sink.mails)
          if (!parsed.has(mail)) parsed.set(mail, (await simpleParser(mail.raw)).text ?? "");
        return result;
      },
    },
    addresses: {
      good: "anna@town.example",
      unknown: "unknown@town.example",
      busy: "busy@town.example",
      vanishing: "vanishing@town.example",
    },
    delivered: () => sink.mails.map((mail) => ({ to: mail.to.join(), text: (parsed.get(mail) ?? "").trim() })),
    close: async () => {
      await gateway.close();
      await sink.close();
    },
  };
});

let sink: Awaited<ReturnType<typeof openMailSink>>;
let gateway: ReturnType<typeof anSmtpGateway>;
before(async () => {
  sink = await openMailSink();
  gateway = anSmtpGateway({ port: sink.port });
});
after(async () => {
  await gateway.close();
  await sink.close();
});

async function sentMail(handoff: Handoff): Promise<SunkMail> {
  assert.equal((await gateway.send(handoff)).kind, "accepted");
  const mail = sink.mails.at(-1);
  assert.ok(mail);
  return mail;
}

test("a mail's signature covers both unsubscribe headers, each on one line", async () => {
  const mail = await sentMail(aMail());
  const { valid, covered } = verifyDkim(mail.raw, publicKey);

  assert.equal(valid, true);
  assert.ok(covered.includes("list-unsubscribe") && covered.includes("list-unsubscribe-post"));
  assert.match(
    mail.raw,
    /^List-Unsubscribe: <https:\/\/hub\.example\/u\/k{120}>, <mailto:unsubscribe@hub\.example\?subject=stop>\r$/m,
  );
  assert.match(mail.raw, /^List-Unsubscribe-Post: List-Unsubscribe=One-Click\r$/m);
});

test("a changed body breaks the signature", async () => {
  const { raw } = await sentMail(aMail());
  assert.equal(verifyDkim(raw.replace("Hello Anna", "Hello Mary"), publicKey).valid, false);
});

test("the envelope sender, the reply address and the Message-ID carry the sealed key", async () => {
  const mail = await sentMail(aMail());
  const { messageId, replyTo } = await simpleParser(mail.raw);
  const tokens = [
    mail.from.match(/^bounce\+(.+)@/)?.[1],
    replyTo?.value[0]?.address?.match(/^reply\+(.+)@/)?.[1],
    messageId?.match(/^<(.+)@/)?.[1],
  ];
  assert.deepEqual(
    tokens.map((token) => openSealedKey(token ?? "", "a secret")),
    Array(3).fill("run/7/2/email"),
  );
});

test("a key too long for an address rides in the Message-ID alone", async () => {
  const key = `campaign/${"0123456789".repeat(5)}`;
  const mail = await sentMail(aMail({ key }));
  assert.equal(mail.from, "bounce@hub.example");
  assert.equal(openSealedKey((await simpleParser(mail.raw)).messageId?.match(/^<(.+)@/)?.[1] ?? "", "a secret"), key);
});

test("plain and HTML travel together, in UTF-8", async () => {
  const parsed = await simpleParser((await sentMail(aMail({}, "Осталось 2 ГБ · 剩余"))).raw);
  assert.deepEqual(
    [parsed.subject, parsed.text?.trim(), parsed.html],
    ["Осталось 2 ГБ · 剩余", "Hello Anna", "<p>Hello <b>Anna</b></p>"],
  );
  assert.deepEqual(parsed.from?.value[0], { name: "Телеком", address: "hello@hub.example" });
});

test("line breaks in a subject or a key never make a header", async () => {
  const mail = await sentMail(
    aMail({ key: "k\r\nBcc: eve@evil.example" }, "Hi\r\nBcc: eve@evil.example\r\n\r\n<script>"),
  );
  const parsed = await simpleParser(mail.raw);

  assert.deepEqual(mail.to, ["anna@town.example"]);
  assert.equal(parsed.bcc, undefined);
  assert.equal(parsed.subject, "Hi Bcc: eve@evil.example <script>");
});

test("an unsubscribe address that is no short https URL is refused", async () => {
  for (const url of [
    "http://hub.example/u",
    "https://hub.example/u\r\nBcc: eve@evil.example",
    "https://hub.example/>,<x",
    "javascript:alert(1)",
    `https://hub.example/${"u".repeat(1_000)}`,
  ]) {
    const result = await gateway.send(aMail({ unsubscribe: { url, mailto: "unsubscribe@hub.example" } }));
    assert.deepEqual([result.kind, result.kind === "refused" && result.reason], ["refused", "content"], url);
  }
});

test("there is exactly one recipient on the wire, its domain in ASCII", async () => {
  const mail = await sentMail(aMail({ to: "anna@почта.example" }));
  assert.equal(mail.to.length, 1);
  assert.match(mail.raw, /^To: anna@xn--80a1acny\.example\r$/m);
  assert.equal((await gateway.send(aMail({ to: "a@town.example, b@town.example" }))).kind, "refused");
});

test("refusals are told apart: a dead address, a full mailbox, the policy, the content", async () => {
  const told = await Promise.all(
    ["unknown", "gone", "full", "blocked", "spam"].map(async (name) => {
      const result = await gateway.send(aMail({ to: `${name}@town.example` }));
      return result.kind === "refused" && [result.reason, result.isDead ?? false];
    }),
  );
  assert.deepEqual(told, [
    ["bad-address", true],
    ["bad-address", true],
    ["mailbox-full", false],
    ["blocked", false],
    ["content", false],
  ]);
});

test("a relay that is not there means later, since nothing was handed over", async () => {
  const nowhere = anSmtpGateway({ port: 1 });
  assert.equal((await nowhere.send(aMail())).kind, "later");
  await nowhere.close();
});
