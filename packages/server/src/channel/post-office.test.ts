import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { after, before, describe, test } from "node:test";

import { ImapFlow } from "imapflow";
import { createTransport } from "nodemailer";

import type { Gateway, InboundTouch } from "./gateway.ts";
import { openImapReader } from "./imap-reader.ts";
import { openMailRoom } from "./mail-room.ts";
import { openMailSink } from "./peers/mail-sink.ts";
import { trustOf } from "./peers/mail-zone.ts";
import { noPostOffice, openPostOffice, type PostOffice } from "./peers/open-post-office.ts";
import { verifyDkim } from "./peers/verify-dkim.ts";
import { sealKey } from "./sealed-key.ts";
import { openSmtpGateway } from "./smtp-gateway.ts";

const COUNT = 120;
const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });

describe("with real Postfix and Dovecot", { skip: noPostOffice }, () => {
  const room = openMailRoom();
  let office: PostOffice;
  let sink: Awaited<ReturnType<typeof openMailSink>>;
  let gateway: Gateway;
  let reader: ReturnType<typeof openImapReader>;
  const touches: InboundTouch[] = [];
  let look = () => {};
  let refusals = 0;
  const touched = (test: (touch: InboundTouch) => boolean) =>
    new Promise<InboundTouch>((resolve) => {
      look = () => {
        const touch = touches.find(test);
        if (touch !== undefined) resolve(touch);
      };
      look();
    });

  before(async () => {
    sink = await openMailSink();
    office = await openPostOffice({ relayPort: sink.port });
    gateway = openSmtpGateway({
      name: "relay",
      host: "127.0.0.1",
      port: office.smtpPort,
      security: "plain",
      ownRoots: null,
      auth: null,
      from: { name: "Hub", address: "hello@hub.test" },
      domain: "hub.test",
      secret: "a secret",
      dkim: {
        domain: "hub.test",
        selector: "s1",
        privateKey: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
      },
      ratePerSecond: 100,
      connectionsPerLane: 4,
      timeoutMs: 10_000,
    });
    reader = openImapReader({
      gateway: "imap",
      domain: "hub.test",
      secret: "a secret",
      room,
      trust: { ...trustOf(), authservIds: ["mx.hub.test"] },
      host: "127.0.0.1",
      port: office.imapPort,
      security: "plain",
      ownRoots: null,
      user: "inbox@hub.test",
      pass: "pw",
      mailbox: "INBOX",
      largestBytes: 1_000_000,
      firstRetryMs: 50,
      random: () => 0.5,
      now: () => 1,
      hear: async (heard) => {
        if (refusals-- > 0) throw new Error("the database is away");
        touches.push(...heard);
        look();
      },
      onFault: () => {},
    });
  });
  after(async () => {
    await reader?.close();
    await gateway?.close();
    await office?.close();
    await sink?.close();
    await room.close();
  });

  const send = (key: string, to: string) =>
    gateway.send({
      key,
      lane: "campaign",
      to,
      content: {
        kind: "email",
        subject: "Плановое отключение / 计划停电",
        text: `Reply 1\n.\nFrom here on ${key}`,
        html: "<p>Reply <b>1</b></p>",
      },
      unsubscribe: { url: `https://hub.test/u/${"k".repeat(150)}`, mailto: "unsubscribe@hub.test" },
    });

  test(`${COUNT} mails arrive once each, every signature whole`, async () => {
    const results = await Promise.all(
      Array.from({ length: COUNT }, (_, index) => send(`run/${index}`, "anna@town.test")),
    );
    assert.ok(results.every(({ kind }) => kind === "accepted"));

    const raws = await mailsOf("anna@town.test", office.imapPort);
    assert.equal(new Set(raws.map((raw) => raw.match(/^Message-ID: (.*)$/im)?.[1])).size, COUNT);
    assert.equal(raws.length, COUNT);
    for (const raw of raws)
      assert.deepEqual(
        [verifyDkim(raw, publicKey).valid, /^List-Unsubscribe: <https:[^\r]*>\r$/m.test(raw)],
        [true, true],
      );
  });

  test("a real delivery report names its message and the reason", async () => {
    await send("run/7/2/email", "unknown@relayed.test");
    const touch = await touched(({ kind }) => kind === "bounce");
    assert.ok(touch.kind === "bounce");
    assert.deepEqual(
      [touch.key, touch.address, touch.hard, touch.reason, touch.status],
      ["run/7/2/email", "unknown@relayed.test", true, "user-unknown", "5.1.1"],
    );
  });

  test("a reply is heard by IDLE, and again until what it tells is kept", async () => {
    refusals = 2;
    await createTransport({ host: "127.0.0.1", port: office.smtpPort, ignoreTLS: true }).sendMail({
      from: "anna@town.test",
      to: `reply+${sealKey("run/9", "a secret")}@hub.test`,
      subject: "Re: Плановое отключение",
      text: "1\n\nпн, 2 нояб. 2026 г. в 10:00, Hub <hello@hub.test>:\n> Reply 1\n",
    });
    const touch = await touched(({ kind }) => kind === "reply");
    assert.ok(touch.kind === "reply");
    assert.ok(refusals < 0);
    assert.deepEqual([touch.text, touch.from, touch.inReplyToKey], ["1", "anna@town.test", "run/9"]);
  });

  test("what the relay found out about a letter's sender is read with it", async () => {
    await createTransport({ host: "127.0.0.1", port: office.smtpPort, ignoreTLS: true }).sendMail({
      ...{ from: "bob@town.test", to: "reply@hub.test", subject: "Hello", text: "found out" },
      headers: { "Authentication-Results": "mx.hub.test; spf=pass smtp.mailfrom=bob@town.test" },
    });
    const touch = await touched((one) => one.kind === "reply" && one.text === "found out");
    assert.deepEqual(touch.kind === "reply" && [touch.from, touch.senderProof], ["bob@town.test", "relay"]);
  });

  test("what was heard is seen, and is not heard again", async () => {
    const heard = touches.length;
    await reader.close();
    const client = imapClient("inbox@hub.test", office.imapPort);
    await client.connect();
    await client.mailboxOpen("INBOX");
    assert.deepEqual((await client.search({ seen: false })) || [], []);
    await client.logout();
    assert.equal(touches.length, heard);
  });
});

function imapClient(user: string, port: number): ImapFlow {
  return new ImapFlow({
    host: "127.0.0.1",
    port,
    secure: false,
    doSTARTTLS: false,
    auth: { user, pass: "pw" },
    logger: false,
  });
}

/** Every mail of a mailbox, as soon as all are there. */
async function mailsOf(user: string, port: number): Promise<string[]> {
  const client = imapClient(user, port);
  await client.connect();
  try {
    let box = await client.mailboxOpen("INBOX");
    while (box.exists < COUNT) {
      const more = new Promise((resolve) => client.once("exists", resolve));
      client.idle().catch(() => {});
      await more;
      await client.noop();
      box = client.mailbox || box;
    }
    const mails = await client.fetchAll("1:*", { source: true });
    return mails.map(({ source }) => source?.toString("latin1") ?? "");
  } finally {
    await client.logout();
  }
}
