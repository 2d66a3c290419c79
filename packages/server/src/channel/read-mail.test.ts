import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

import { simpleParser } from "mailparser";

import { isAutomatic } from "./automatic-mail.ts";
import { evaluateBounces } from "./evaluate-bounces.ts";
import { UnreadableMail } from "./mail-head.ts";
import { readMail } from "./read-mail.ts";
import { sealKey } from "./sealed-key.ts";

const reading = { gateway: "mail-in", domain: "hub.example", secret: "a secret" };
const token = sealKey("run/7/2", "a secret");
const read = (raw: string, to: string[] = []) => readMail({ raw: Buffer.from(raw), to, receivedAt: 1_000 }, reading);

const bounceMails = `${process.env.RAPPORT_DATA ?? "../shared/data"}/email-bounces`;

const aReply = (over: { headers?: string; subject?: string; to?: string; body?: string } = {}) =>
  `From: Anna <anna@town.example>\r\nTo: ${over.to ?? `reply+${token}@hub.example`}\r\nSubject: ${over.subject ?? "Re: Your data"}\r\nMessage-ID: <m1@town.example>\r\nDate: Sun, 01 Nov 2026 10:00:00 +0000\r\n${over.headers ?? ""}\r\n${over.body ?? "1\r\n\r\n> Reply 1"}\r\n`;

const aDsn = (to: string, action = "failed") =>
  `From: MAILER-DAEMON@mx.example\r\nTo: ${to}\r\nSubject: Undelivered Mail Returned to Sender\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\r\nSorry\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; anna@town.example\r\nAction: ${action}\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 User unknown\r\n\r\n--b--\r\n`;

const aComplaint = (type: string) =>
  `From: fbl@isp.example\r\nTo: abuse@hub.example\r\nSubject: Complaint\r\nContent-Type: multipart/report; report-type=feedback-report; boundary=b\r\n\r\n--b\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: ${type}\r\nVersion: 1\r\nOriginal-Rcpt-To: anna@town.example\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <${token}@hub.example>\r\nSubject: Your data\r\n\r\nx\r\n--b--\r\n`;

test("a reply names its message by the sealed reply address, and its quote is left out", async () => {
  const [touch] = await read(aReply());
  assert.ok(touch?.kind === "reply");
  assert.deepEqual(
    [touch.from, touch.text, touch.inReplyToKey, touch.at, touch.channel],
    ["anna@town.example", "1", "run/7/2", 1_000, "email"],
  );
});

test("an answer under a flowed quote is heard, by seven bits and by quoted-printable", async () => {
  for (const [encoding, space] of [
    ["7bit", " "],
    ["quoted-printable", "=20"],
  ] as const) {
    const headers = `Content-Type: text/plain; charset=utf-8; format=flowed\r\nContent-Transfer-Encoding: ${encoding}\r\n`;
    const body = `On 04/02/2026 06:26 PM, Hub wrote:\r\n> Reply 1 or${space}\r\n> reply 2${space}\r\nTwo,${space}\r\nplease`;
    const [touch] = await read(aReply({ headers, body }));
    assert.equal(touch?.kind === "reply" && touch.text, "Two, please", encoding);
  }
});

test("a reply to the plain address names its message by In-Reply-To", async () => {
  const [touch] = await read(aReply({ to: "hello@hub.example", headers: `In-Reply-To: <${token}@hub.example>\r\n` }));
  assert.ok(touch?.kind === "reply" && touch.inReplyToKey === "run/7/2");
});

test("half a character, named in HTML or written in sixteen bits, is marked as unreadable", async () => {
  const sixteen = Buffer.from("yes \ud83d please 😀", "utf16le").toString("base64");
  for (const [headers, body] of [
    ["Content-Type: text/html\r\n", "<p>yes &#xD83D; please &#x1F600;</p>"],
    ["Content-Type: text/plain; charset=utf-16le\r\nContent-Transfer-Encoding: base64\r\n", sixteen],
  ] as const) {
    const [touch] = await read(aReply({ headers, body }));
    assert.equal(touch?.kind === "reply" && touch.text, "yes \ufffd please 😀");
  }
});

test("a forged token names nothing", async () => {
  const [touch] = await read(aReply({ to: `reply+${sealKey("run/7/2", "guessed")}@hub.example` }));
  assert.ok(touch?.kind === "reply" && touch.inReplyToKey === null);
});

test("the same mail heard twice has one id, another mail has another", async () => {
  const [first, again, other] = await Promise.all([
    read(aReply()),
    read(`Received: by imap\r\n${aReply()}`),
    read(aReply({ body: "2" })),
  ]);
  assert.equal(first[0]?.kind === "reply" && first[0].id, again[0]?.kind === "reply" && again[0].id);
  assert.notEqual(first[0]?.kind === "reply" && first[0].id, other[0]?.kind === "reply" && other[0].id);
});

test("a mail program that unsubscribes by itself is heard", async () => {
  const [touch] = await read(
    aReply({ headers: "Auto-Submitted: auto-replied\r\n", to: `unsubscribe+${token}@hub.example` }),
  );
  assert.equal(touch?.kind === "reply" && touch.text, "UNSUBSCRIBE");
});

test("a mail to the unsubscribe address says so, whatever is in it", async () => {
  const [touch] = await read(aReply({ body: "" }), [`unsubscribe+${token}@hub.example`]);
  assert.deepEqual(touch?.kind === "reply" && [touch.text, touch.inReplyToKey], ["UNSUBSCRIBE", "run/7/2"]);
});

const automatic: [string, Parameters<typeof aReply>[0]][] = [
  ["Auto-Submitted", { headers: "Auto-Submitted: auto-replied\r\n" }],
  ["Precedence", { headers: "Precedence: bulk\r\n" }],
  ["X-Autoreply", { headers: "X-Autoreply: yes\r\n" }],
  ["an empty return path", { headers: "Return-Path: <>\r\n" }],
  ["X-Autoreply-From", { headers: "X-Autoreply-From: anna@town.example\r\n" }],
  ["a body of JSON", { body: '{"notificationType":"Bounce","bounce":{}}' }],
  [
    "a read receipt",
    {
      headers:
        "MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=disposition-notification; boundary=b\r\n",
      body: "--b\r\n\r\nstop\r\n--b\r\nContent-Type: message/disposition-notification\r\n\r\nDisposition: x; displayed\r\n--b--",
    },
  ],
  ["an out-of-office subject", { subject: "Out of office: Re: Your data" }],
  ["a Russian auto-reply subject", { subject: "=?utf-8?B?0JDQstGC0L7QvtGC0LLQtdGCOiBSZQ==?=" }],
  ["a Chinese auto-reply subject", { subject: "=?utf-8?B?6Ieq5Yqo5Zue5aSNOiDkvaDlpb0=?=" }],
];
for (const [what, over] of automatic) {
  test(`${what} makes a mail no reply`, async () => assert.deepEqual(await read(aReply(over)), []));
}

for (const subject of [
  "Vacation plans",
  "Out of office chairs",
  "Re: Out of office",
  "Absence of signal",
  "Vacation: roaming?",
]) {
  test(`a person may write of "${subject}"`, async () => assert.equal((await read(aReply({ subject }))).length, 1));
}

test("a bounce that older servers write in words is one", async () => {
  const words = "Mail failed, returning to sender.\r\n\r\nanna@nowhere.example: unknown host";
  const raw = aReply({ subject: "mail failed, returning to sender", body: words, to: `bounce+${token}@hub.example` });
  const [touch] = await read(raw.replace("anna@town.example", "MAILER-DAEMON@mx.example"));
  assert.deepEqual(touch?.kind === "bounce" && [touch.key, touch.reason, touch.hard], [
    "run/7/2",
    "host-unknown",
    true,
  ]);
});

const LIST = "Precedence: list\r\nList-ID: <care.hub.example>\r\n";
const persons: [string, Parameters<typeof aReply>[0]][] = [
  ["X-Auto-Response-Suppress", { headers: "X-Auto-Response-Suppress: All\r\n", body: "STOP" }],
  ["a group that our mailbox is, in answer to a letter", { headers: LIST }],
  ["a group that our mailbox is, in a letter of its own", { headers: LIST, to: "care@hub.example", body: "STOP" }],
];
for (const [what, over] of persons) {
  test(`a person's words are heard in spite of ${what}`, async () =>
    assert.equal((await read(aReply(over))).length, 1));
}

test("a newsletter that our mailbox gets is no reply", async () => {
  assert.deepEqual(await read(aReply({ headers: LIST, to: "care@hub.example", body: "News of the week" })), []);
});

test("an address that no standard allows and a provider gave is heard", async () => {
  const [touch] = await read(aReply({ body: "STOP" }).replace("anna@town", "a..b@town"));
  assert.ok(touch?.kind === "reply" && touch.from === "a..b@town.example" && touch.text === "STOP");
});

test("Auto-Submitted: no is a person's mail", async () => {
  assert.equal((await read(aReply({ headers: "Auto-Submitted: no\r\n" }))).length, 1);
});

test("a bounce names its message, its address and whether it is for good", async () => {
  const [touch] = await read(aDsn(`bounce+${token}@hub.example`));
  assert.ok(touch?.kind === "bounce");
  assert.deepEqual(
    [touch.key, touch.address, touch.hard, touch.reason, touch.status],
    ["run/7/2", "anna@town.example", true, "user-unknown", "5.1.1"],
  );
});

test("a report that names two thousand addresses, in one part or in many, tells of fifty", async () => {
  const group = (n: number) => `Final-Recipient: rfc822; a${n}@town.example\r\nAction: failed\r\nStatus: 5.2.2\r\n\r\n`;
  const part = (groups: string) =>
    `--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\n${groups}\r\n`;
  const groups = Array.from({ length: 2_000 }, (_, n) => group(n));
  for (const parts of [[groups.join("")], groups.slice(0, 200)]) {
    const head = aDsn(`bounce+${token}@hub.example`).replace(/--b.*/s, "");
    const touches = await read(`${head}${parts.map(part).join("")}--b--\r\n`);
    assert.equal(touches.length, 50);
    assert.ok(touches.every((touch) => touch.kind === "bounce" && touch.key === "run/7/2" && !touch.hard));
  }
});

test("a bounce without a seal is hearsay: it names no message", async () => {
  const [touch] = await read(aDsn("bounce@hub.example"));
  assert.ok(touch?.kind === "bounce" && touch.key === null);
});

test("a delay is not a bounce", async () => {
  assert.deepEqual(await read(aDsn(`bounce+${token}@hub.example`, "delayed")), []);
});

test("a complaint names its message, and not-spam is none", async () => {
  const [touch] = await read(aComplaint("abuse"));
  assert.deepEqual(touch?.kind === "complaint" && [touch.key, touch.address], ["run/7/2", "anna@town.example"]);
  assert.deepEqual(
    (await read(aComplaint("not-spam"))).filter(({ kind }) => kind === "complaint"),
    [],
  );
});

test("mail to somebody else is not ours to read", async () => {
  assert.deepEqual(await read(aReply({ to: "hello@elsewhere.example" })), []);
});

test("odd and broken mails are read without a fault", async () => {
  for (const raw of [
    "",
    "\r\n",
    "From:",
    "From: <>\r\nTo: <>\r\n\r\n",
    "\u0000\u0001",
    "Content-Type: multipart/mixed; boundary=\r\n\r\n--\r\n--",
    `To: ${"a@hub.example,".repeat(4_000)}\r\n\r\nx`,
  ])
    assert.ok(Array.isArray(await read(raw)));
});

const nested = (depth: number) =>
  Array.from({ length: depth }, (_, n) => `Content-Type: multipart/mixed; boundary=b${n}\r\n\r\n--b${n}\r\n`).join("");
const bombs: [string, string][] = [
  ["a megabyte of headers", `X: ${"x".repeat(1_000_000)}\r\n\r\nx`],
  ["a hundred thousand addresses", `To: ${"a@hub.example,".repeat(100_000)}\r\n\r\nx`],
  ["ten thousand parts", `Content-Type: multipart/mixed; boundary=b\r\n\r\n${"--b\r\n\r\nx\r\n".repeat(10_000)}--b--`],
  ["a thousand multiparts in one another", nested(1_000)],
  ["a part with a megabyte of headers", `${nested(1)}X: ${"x".repeat(1_000_000)}\r\n\r\nx\r\n--b0--`],
];
for (const [what, raw] of bombs) {
  test(`${what} are too much to read, which is known at once`, async () => {
    const before = process.cpuUsage();
    await assert.rejects(read(`From: a@b.example\r\n${raw}`), UnreadableMail);
    assert.ok(process.cpuUsage(before).user < 2_000_000);
  });
}

test("real complaints are told from reports of failed authentication", {
  skip: !existsSync(bounceMails) && `no data at ${bounceMails}`,
}, async () => {
  for (const file of readdirSync(bounceMails).filter((name) => name.startsWith("arf"))) {
    const kinds = (await read(readFileSync(`${bounceMails}/${file}`, "latin1"))).map(({ kind }) => kind);
    // 20 reports a failed authentication, 26 is a mail program that unsubscribes.
    assert.equal(kinds.includes("complaint"), !["arf-20.eml", "arf-26.eml"].includes(file), file);
  }
});

test("sixty kilobytes of addresses hold nobody up", async () => {
  const before = process.cpuUsage();
  for (const unit of ["From: x ", "a@hub.example, ", "<", '"', "("])
    await read(`To: ${unit.repeat(60_000 / unit.length)}\r\nFrom: a@b.example\r\n\r\nx`);
  assert.ok(process.cpuUsage(before).user < 5_000_000);
});

test("real bounces are told hard from soft, and why", {
  skip: !existsSync(bounceMails) && `no data at ${bounceMails}`,
}, async (t) => {
  const { bounces, hardOrSoft, reason, falseBounces } = await evaluateBounces(bounceMails);
  const share = (part: number) => part / bounces;
  t.diagnostic(
    `${bounces} bounces: hard or soft ${(100 * share(hardOrSoft)).toFixed(1)} %, reason ${(100 * share(reason)).toFixed(1)} %`,
  );
  assert.deepEqual(falseBounces, []);
  assert.ok(share(hardOrSoft) >= 0.95);
  assert.ok(share(reason) >= 0.9);

  for (const file of readdirSync(bounceMails).filter((name) => /^(rfc3834|is-not-bounce)/.test(name))) {
    const mail = await simpleParser(readFileSync(`${bounceMails}/${file}`), { keepDeliveryStatus: true });
    assert.equal(isAutomatic(mail), file.startsWith("rfc3834"), file);
  }
});

test("a subscriber of docomo who is said to be unknown is not given up, nor is a mailbox that is said to be full, too", async () => {
  const report = (recipient: string, words: string) =>
    aDsn(`bounce+${token}@hub.example`).replaceAll("anna@town.example", recipient).replace("Sorry", words);
  for (const [recipient, words, hard, reason] of [
    ["anna@town.example", "Sorry", true, "user-unknown"],
    ["anna@docomo.ne.jp", "Sorry", false, "filtered"],
    ["anna@town.example", "Your message was rejected: not enough disk space", false, "mailbox-full"],
  ] as const) {
    const [touch] = await read(report(recipient, words));
    assert.deepEqual(touch?.kind === "bounce" && [touch.hard, touch.reason], [hard, reason]);
  }
});
