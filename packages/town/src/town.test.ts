import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { buffer } from "node:stream/consumers";
import { after, before, test } from "node:test";

import { type ParsedMail, simpleParser } from "mailparser";
import { createTransport } from "nodemailer";
import smpp, { type Pdu, type Session } from "smpp";
import { SMTPServer } from "smtp-server";

import { openTown, type Person, peopleOf, type Town } from "./index.ts";

/** People who read all at once and do the same thing each time. */
const [eager, leaver] = peopleOf({ seed: 1, count: 2 }).map(
  (person): Person => ({
    ...person,
    language: "ru",
    habits: { ...person.habits, reads: { email: 1, sms: 1 }, answers: 1, stops: 0, clicks: 1 },
  }),
);
assert.ok(eager && leaver);
leaver.habits.stops = 1;

const posts: string[] = [];
const web = createServer((request, response) => {
  void buffer(request).then((body) => {
    posts.push(`${request.method} ${request.url} ${body}`);
    web.emit("visited");
    response.end();
  });
});
const inbox: { mail: ParsedMail; to: string; from: string }[] = [];
const hubMail = new SMTPServer({
  disabledCommands: ["AUTH", "STARTTLS"],
  disableReverseLookup: true,
  onData(stream, session, done) {
    void buffer(stream).then(async (raw) => {
      const from = session.envelope.mailFrom ? session.envelope.mailFrom.address : "";
      inbox.push({ mail: await simpleParser(raw), to: session.envelope.rcptTo[0]?.address ?? "", from });
      hubMail.emit("mailed");
      done();
    });
  },
});
const ledgerFolder = mkdtempSync(`${tmpdir()}/town-`);
let town: Town;
let link: Session;
before(async () => {
  await new Promise<void>((resolve) => web.listen(0, "127.0.0.1", resolve));
  await new Promise<void>((resolve) => hubMail.listen(0, "127.0.0.1", resolve));
  town = await openTown({
    seed: 1,
    people: [eager, leaver],
    clock: { now: () => Date.UTC(2026, 0, 1), schedule: (_delayMs, deed) => void setImmediate(deed) },
    hubMail: { host: "127.0.0.1", port: (hubMail.server.address() as AddressInfo).port },
    unknownMail: "bounce",
    ledgerFolder,
  });
  link = smpp.connect({ host: "127.0.0.1", port: town.phones.port });
  link.on("error", () => {});
  await once(link, "connect");
});
after(async () => {
  await town.close();
  rmSync(ledgerFolder, { recursive: true });
  web.close();
  await new Promise<void>((resolve) => hubMail.close(resolve));
});

const send = (to: string, text: string) =>
  createTransport({ host: "127.0.0.1", port: town.mail.port, ignoreTLS: true }).sendMail({
    envelope: { from: "bounce+1@hub.example", to },
    from: "hub@hub.example",
    replyTo: "reply+1@hub.example",
    to,
    subject: "Your data",
    text,
    messageId: "<m1@hub.example>",
    headers: {
      "X-Rapport-Key": "run/1",
      "List-Unsubscribe": `<http://127.0.0.1:${(web.address() as AddressInfo).port}/u/1>`,
      "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    },
  });
const ask = (request: (answer: (pdu: Pdu) => void) => boolean) => new Promise<Pdu>((resolve) => request(resolve));

test("a person answers a mail's offer at its reply address, the mail quoted", async () => {
  const [{ mail, to }] = await Promise.all([once(hubMail, "mailed"), send(eager.email, "Ответьте 1")]).then(
    () => inbox.slice(-1) as [(typeof inbox)[0]],
  );
  assert.equal(to, "reply+1@hub.example");
  assert.match(mail.text ?? "", /^(1|Да|да, хочу)\n\n.*wrote:\n> Ответьте 1/);
  assert.equal(mail.inReplyTo, "<m1@hub.example>");
});

test("a person who wants no more unsubscribes by one click", async () => {
  await Promise.all([once(web, "visited"), send(leaver.email, "News")]);
  assert.deepEqual(posts, ["POST /u/1 List-Unsubscribe=One-Click"]);
});

test("mail for nobody comes back as a delivery report to the envelope sender", async () => {
  await Promise.all([once(hubMail, "mailed"), send("nobody@town.example", "Hello")]);
  const report = inbox.at(-1);
  assert.deepEqual([report?.to, report?.from], ["bounce+1@hub.example", ""]);
  assert.match(report?.mail.text ?? "", /Final-Recipient: rfc822; nobody@town\.example/);
});

test("every mail that was taken stands in the ledger, cut connections included", async () => {
  town.mail.treat(eager.email, "cut");
  await assert.rejects(send(eager.email, "lost answer"));
  town.mail.treat(eager.email, "reject");
  await assert.rejects(send(eager.email, "x"), { responseCode: 550 });
  town.mail.treat(eager.email, "throttle");
  await assert.rejects(send(eager.email, "x"), { responseCode: 451 });
  town.mail.treat(eager.email, null);

  const kept = readFileSync(`${ledgerFolder}/mail.jsonl`, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  assert.deepEqual(kept, town.mail.ledger.entries);
  assert.partialDeepStrictEqual(kept.at(-1), {
    to: eager.email,
    key: "run/1",
    messageId: "<m1@hub.example>",
    answered: false,
  });
});

test("the phone network refuses a wrong password", async () => {
  const stranger = smpp.connect({ host: "127.0.0.1", port: town.phones.port });
  await once(stranger, "connect");
  assert.equal(
    (await ask((done) => stranger.bind_transceiver({ system_id: "hub", password: "no" }, done))).command_status,
    0x0e,
  );
  stranger.destroy();
});

test("a phone shows a message in parts as one, sends a receipt, and answers in its own alphabet", async () => {
  await ask((done) => link.bind_transceiver({ system_id: "hub", password: "town" }, done));
  const delivered: Pdu[] = [];
  link.on("deliver_sm", (pdu: Pdu) => {
    delivered.push(pdu);
    link.send(pdu.response());
    link.emit("delivered");
  });
  const submit = (index: number, message: string) =>
    ask((done) =>
      link.submit_sm(
        {
          source_addr: "13125550100",
          destination_addr: leaver.phone.slice(1),
          data_coding: 8,
          esm_class: 0x40,
          registered_delivery: index === 2 ? 1 : 0,
          short_message: { udh: Buffer.from([5, 0, 3, 9, 2, index]), message },
        },
        done,
      ),
    );
  await submit(1, "Ответьте ");
  const { message_id } = await submit(2, "1");
  while (delivered.length < 2) await once(link, "delivered");

  assert.partialDeepStrictEqual(town.phones.ledger.entries.at(-1), {
    to: leaver.phone,
    text: "Ответьте 1",
    parts: 2,
    alphabet: "ucs2",
  });
  assert.ok(delivered.some((pdu) => pdu.receipted_message_id === message_id && pdu.message_state === 2));
  assert.ok(
    delivered.some((pdu) => pdu.short_message && /^(СТОП|Отписаться)$/.test(String(pdu.short_message.message))),
  );
});

test("a throttled network takes nothing", async () => {
  const before = town.phones.ledger.entries.length;
  town.phones.throttle(true);
  const answer = await ask((done) =>
    link.submit_sm({ source_addr: "1", destination_addr: "13125550001", short_message: "x", data_coding: 0 }, done),
  );
  assert.deepEqual([answer.command_status, town.phones.ledger.entries.length], [0x58, before]);
  town.phones.throttle(false);
});
