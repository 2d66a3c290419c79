import assert from "node:assert/strict";
import { after, test } from "node:test";

import { dkimSign } from "mailauth";
import { createTransport, type SendMailOptions } from "nodemailer";

import { openMailRoom } from "./mail-room.ts";
import { mailZone, signingDomain } from "./peers/mail-zone.ts";
import { readProvenMail } from "./read-proven-mail.ts";
import type { Envelope, MailTrust } from "./sender-evidence.ts";

const room = openMailRoom();
after(() => room.close());

const town = signingDomain("town.example");
const mailer = signingDomain("mail.town.example");
const evil = signingDomain("evil.example");
const zone = { ...town.records, ...mailer.records, ...evil.records, "town.example": "v=spf1 ip4:192.0.2.1 -all" };
const trust: MailTrust = { lookUp: mailZone(zone), relays: ["10.0.0.0/8"], authservIds: ["mx.hub.example"] };
const envelope: Envelope = { peer: "198.51.100.7", helo: "x", mailFrom: "anna@town.example" };

async function letter(over: SendMailOptions & { dkim?: typeof town.dkim } = {}): Promise<string> {
  const { dkim, ...rest } = over;
  const transport = createTransport({ streamTransport: true, buffer: true, newline: "windows", ...(dkim && { dkim }) });
  const mail = { from: "Anna <anna@town.example>", to: "care@hub.example", subject: "Re: x", text: "START", ...rest };
  return String((await transport.sendMail(mail)).message);
}

async function proofOf(raw: string, from: Envelope | null = envelope, believed = trust): Promise<unknown> {
  const mail = { raw: Buffer.from(raw, "latin1"), to: ["care@hub.example"], receivedAt: Date.now() };
  const reading = { gateway: "mail", domain: "hub.example", secret: "s", room, trust: believed };
  const [touch] = await readProvenMail(mail, from, reading);
  return touch?.kind === "reply" ? touch.senderProof : touch;
}

test("a signature of the author's domain, or of the same organisation, proves the author", async () => {
  assert.equal(await proofOf(await letter({ dkim: town.dkim })), "dkim");
  assert.equal(await proofOf(await letter({ dkim: mailer.dkim })), "dkim");
  assert.equal(await proofOf(await letter({ dkim: town.dkim }), null), "dkim");
});

test("a server that the author's domain sends by proves the author, and no other does", async () => {
  assert.equal(await proofOf(await letter(), { ...envelope, peer: "::ffff:192.0.2.1" }), "spf");
  assert.equal(await proofOf(await letter()), null);
  assert.equal(await proofOf(await letter(), { ...envelope, peer: "192.0.2.1", mailFrom: "" }), null);
});

test("a domain that asks for exactly itself is proven by nothing else", async () => {
  const strict = { ...trust, lookUp: mailZone({ ...zone, "_dmarc.town.example": "v=DMARC1; p=none; adkim=s" }) };
  assert.equal(await proofOf(await letter({ dkim: mailer.dkim }), envelope, strict), null);
  assert.equal(await proofOf(await letter({ dkim: town.dkim }), envelope, strict), "dkim");
});

const forged: [string, () => Promise<string>][] = [
  ["another's signature", () => letter({ dkim: evil.dkim })],
  ["a changed body", async () => (await letter({ dkim: town.dkim })).replace("START", "STOP!")],
  ["a second author", async () => `From: eve@evil.example\r\n${await letter({ dkim: town.dkim })}`],
  ["two authors in one field", () => letter({ dkim: town.dkim, from: "anna@town.example, eve@evil.example" })],
  ["a letter to another company", () => letter({ dkim: town.dkim, to: "care@shop.example" })],
  [
    "a letter to a domain that only begins like ours",
    () => letter({ dkim: town.dkim, to: "care@hub.example.evil.example" }),
  ],
  ["a second recipient's field put on top", async () => `To: care@hub.example\r\n${await letter({ dkim: town.dkim })}`],
  ["an old letter", () => letter({ dkim: town.dkim, date: new Date(Date.now() - 40 * 86_400_000) })],
  [
    "a signature that leaves the date open",
    () => letter({ dkim: { ...town.dkim, ...{ headerFieldNames: "from:to:subject" } } }),
  ],
];
for (const [what, make] of forged) {
  test(`${what} proves nothing`, async () => assert.equal(await proofOf(await make()), null));
}

test("name servers that are away, slow or without end prove nothing and lose no mail", async () => {
  const faults: MailTrust["lookUp"][] = [
    async () => Promise.reject(Object.assign(new Error("away"), { code: "ESERVFAIL" })),
    () => new Promise(() => undefined),
    async (name) => [[`v=spf1 include:${"x".repeat(3)}.${name} -all`]],
  ];
  for (const lookUp of faults)
    assert.equal(await proofOf(await letter({ dkim: town.dkim }), envelope, { ...trust, lookUp }), null);
});

const results = (text: string) => `Authentication-Results: ${text}\r\n`;
const SPF = "spf=pass (it may; really) smtp.mailfrom=anna@town.example";
const hop = "Received: from x by mx.hub.example\r\n";
const relayed: [string, string, Envelope | null, unknown][] = [
  ["what our relay found, read in a mailbox", results(`mx.hub.example; ${SPF}`), null, "relay"],
  ["what our relay found, by SMTP", results(`mx.hub.example 1; ${SPF}`), { ...envelope, peer: "10.1.2.3" }, "relay"],
  ["what a stranger says by SMTP", results(`mx.hub.example; ${SPF}`), envelope, null],
  ["what somebody else found", results(`mx.evil.example; ${SPF}`), null, null],
  ["a pass of another domain", results("mx.hub.example; spf=pass smtp.mailfrom=eve@evil.example"), null, null],
  [
    "a pass that is said in a comment",
    results(`mx.hub.example; spf=fail (; ${SPF};) smtp.mailfrom=a@b.example`),
    null,
    null,
  ],
  [
    "a pass that the domain's policy refuses",
    results(`mx.hub.example; ${SPF}; dmarc=fail header.from=town.example`),
    null,
    null,
  ],
  ["a signature that is not there", results("mx.hub.example; dkim=pass header.d=town.example"), null, null],
  [
    "a forged field below the relay's own",
    `${results("mx.hub.example; none")}${hop}${results(`mx.hub.example; ${SPF}`)}`,
    null,
    null,
  ],
];
for (const [what, head, from, proof] of relayed) {
  test(`${what} ${proof === null ? "proves nothing" : "proves the author"}`, async () => {
    assert.equal(await proofOf(`${hop}${head}${await letter()}`, from), proof);
  });
}

test("a relay's word for a signature counts when it covers what counts", async () => {
  const found = results("mx.hub.example; dkim=pass header.d=town.example header.s=s1");
  assert.equal(await proofOf(`${found}${await letter({ dkim: town.dkim })}`, null), "relay");
});

test("a mail that is slow to read ends with its thread, and the next is read", async () => {
  const hasty = openMailRoom({ mailMs: 1, threads: 1 });
  const mail = { raw: Buffer.from(await letter()), to: [], receivedAt: Date.now() };
  const reading = { gateway: "mail", domain: "hub.example", secret: "s", trust };
  const slow = { ...mail, raw: Buffer.concat([mail.raw, Buffer.from("a ".repeat(5_000_000))]) };
  await assert.rejects(readProvenMail(slow, null, { ...reading, room: hasty }), /cannot|abort|time/i);
  await hasty.close();
  assert.equal(await proofOf(await letter({ dkim: town.dkim })), "dkim");
});

test("a relay's word for a signature counts no further than the signature: for letters of these days, and to us", async () => {
  const found = results(
    "mx.hub.example; dkim=pass header.d=town.example header.s=s1; dmarc=pass header.from=town.example",
  );
  const old = new Date(Date.now() - 40 * 86_400_000);
  const ours = await letter({ dkim: town.dkim });
  for (const raw of [
    await letter({ dkim: town.dkim, date: old }),
    await letter({ dkim: town.dkim, to: "care@shop.example" }),
    `To: care@hub.example\r\n${await letter({ dkim: town.dkim, to: "care@shop.example" })}`,
    `Date: ${new Date().toUTCString()}\r\n${await letter({ dkim: town.dkim, date: old })}`,
  ])
    assert.equal(await proofOf(`${found}${raw}`, null), null);
  assert.equal(await proofOf(`${found}${ours}`, null), "relay");
});

test("what a relay found of the server that brought a letter counts whatever the letter says of its day and recipient", async () => {
  const raw = await letter({ to: "undisclosed-recipients:;", date: new Date(Date.now() - 40 * 86_400_000) });
  assert.equal(await proofOf(`To: care@hub.example\r\n${results(`mx.hub.example; ${SPF}`)}${raw}`, null), "relay");
});

/** Signed by this domain, as `h=` says, and with what else the signature says of itself. */
async function signedWith(signingDomain: string, headerList: string[], terms = {}): Promise<string> {
  const raw = await letter();
  const key = { signingDomain, selector: "s1", privateKey: town.dkim.privateKey };
  const { signatures } = await dkimSign(raw, { ...key, headerList, signatureData: [{ ...key, ...terms }] });
  return signatures + raw;
}
const madeUp = (domain: string) =>
  `DKIM-Signature: v=1; a=rsa-sha256; d=${domain}; s=s1; h=from:to:date; bh=AAAA; b=AAAA\r\n`;

test("a signature that is short of what counts, beside one made up that is not, proves nothing by a relay's word", async () => {
  const found = (terms: string) => results(`mx.hub.example; dkim=pass ${terms}; dkim=fail header.d=town.example`);
  for (const [weak, terms, beside] of [
    [await signedWith("town.example", ["from", "subject"]), "header.d=town.example header.s=s1", "town.example"],
    [
      await signedWith("town.example", ["from", "to", "date"], { maxBodyLength: 1 }),
      "header.d=town.example",
      "town.example",
    ],
    [await signedWith("town.example", ["from", "subject"]), "header.i=@town.example", "town.example"],
    [await signedWith("town.example", ["from", "subject"]), "header.i=anna@mail.town.example", "mail.town.example"],
  ] as const)
    for (const raw of [madeUp(beside) + weak, weak, weak.replace(/^From:/m, `${madeUp(beside)}From:`)])
      assert.equal(await proofOf(`${found(terms)}${raw}`, null), null, terms);
});

test("a letter that its domain signed twice is proven by a relay's word when each signature covers what counts", async () => {
  const found = results("mx.hub.example; dkim=pass header.i=@mail.town.example; dkim=pass header.d=town.example");
  const twice = madeUp("town.example") + (await signedWith("town.example", ["from", "to", "date", "subject"]));
  assert.equal(await proofOf(`${found}${twice}`, null), "relay");
});

test("one peer's letters wait for each other, and another peer's goes before those that wait", async () => {
  const one = openMailRoom({ threads: 1 });
  const raw = Buffer.from(await letter());
  const answered: string[] = [];
  async function read(name: string, from: Envelope | null): Promise<void> {
    const mail = { raw, to: ["care@hub.example"], receivedAt: Date.now() };
    await readProvenMail(mail, from, { gateway: "mail", domain: "hub.example", secret: "s", room: one, trust });
    answered.push(name);
  }
  const eve = { ...envelope, mailFrom: "" };
  await Promise.all([
    ...["2001:db8::1", "2001:db8::2", "2001:db8::3"].map((peer, index) => read(`eve ${index}`, { ...eve, peer })),
    read("relay 0", { ...eve, peer: "10.1.2.3" }),
    read("ann", { ...eve, peer: "192.0.2.1" }),
    read("mailbox 1", null),
  ]);
  await one.close();
  assert.deepEqual(answered, ["eve 0", "relay 0", "ann", "eve 1", "mailbox 1", "eve 2"]);
});
