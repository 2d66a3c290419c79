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
const evil = signingDomain("evil.example");
const zone = {
  ...{ ...town.records, ...evil.records },
  ...{ "town.example": "v=spf1 ip4:192.0.2.1 -all", "evil.example": "v=spf1 ip4:198.51.100.7 -all" },
};
const trust: MailTrust = { lookUp: mailZone(zone), relays: ["10.0.0.0/8"], authservIds: ["mx.hub.example"] };
const envelope: Envelope = { peer: "198.51.100.7", helo: "evil.example", mailFrom: "eve@evil.example" };
const relay: Envelope = { ...envelope, peer: "10.1.2.3" };

async function letter({ dkim, ...over }: SendMailOptions & { dkim?: unknown } = {}): Promise<string> {
  const transport = createTransport({
    ...{ streamTransport: true, buffer: true, newline: "windows" },
    ...(dkim ? { dkim: dkim as typeof town.dkim } : {}),
  } as const);
  const mail = { from: "Anna <anna@town.example>", to: "care@hub.example", subject: "Re: x", text: "START", ...over };
  return String((await transport.sendMail(mail)).message);
}
async function read(raw: string, from: Envelope | null = envelope) {
  const mail = { raw: Buffer.from(raw, "latin1"), to: ["care@hub.example"], receivedAt: Date.now() };
  return readProvenMail(mail, from, { gateway: "mail", domain: "hub.example", secret: "s", room, trust });
}
/** Of a reply taken to be Anna's: its proof; null where nothing is proven of her. */
async function annas(raw: string, from: Envelope | null = envelope): Promise<unknown> {
  const [touch] = await read(raw, from);
  return touch?.kind === "reply" && touch.from === "anna@town.example" ? touch.senderProof : null;
}
const results = (text: string) => `Authentication-Results: ${text}\r\n`;
const hop = "Received: from x by mx.hub.example\r\n";

for (const name of [
  "care@hub.example ",
  "care@hub.example,",
  "<care@hub.example>",
  "care@hub.example;",
  '"care@hub.example',
  "x:care@hub.example;",
  "=?utf-8?q?care=40hub=2Eexample=2C?=",
])
  test(`a letter that Anna signed to Eve, whom Eve named ${JSON.stringify(name)}, is not Anna's word to us`, async () => {
    assert.equal(await annas(await letter({ dkim: town.dkim, to: { name, address: "eve@evil.example" } })), null);
  });
/** As other programs than nodemailer write it: the line as it stands, signed. */
async function signedTo(line: string): Promise<string> {
  const raw = (await letter()).replace(/^To: .*$/m, `To: ${line}`);
  const key = { signingDomain: "town.example", selector: "s1", privateKey: town.dkim.privateKey };
  const { signatures } = await dkimSign(raw, { ...key, signatureData: [key] });
  return signatures + raw;
}
for (const line of [
  '"care@hub.example x"@evil.example',
  '"care@hub.example"@evil.example',
  "care@hub.example <eve@evil.example>",
  '"x" care@hub.example <eve@evil.example>',
  "(care@hub.example) eve@evil.example",
  "eve@evil.example (, care@hub.example)",
  '"x\\" , care@hub.example, \\"" <eve@evil.example>',
  "care@hub.example@evil.example",
  "<@hub.example,@evil.example:eve@evil.example>",
  "<eve@evil.example> care@hub.example",
])
  test(`a letter that Anna signed to ${line} is no word to us`, async () => {
    const raw = await signedTo(line);
    assert.equal(await annas(raw), null);
  });
test("a letter that is signed so and to us is Anna's word", async () => {
  assert.equal(await annas(await signedTo("Care <care@hub.example>")), "dkim");
});

test("a quoted local part in what a relay tells of the envelope proves nothing of others", async () => {
  const spf = 'spf=pass smtp.mailfrom="x smtp.mailfrom=anna@town.example y"@evil.example';
  assert.equal(await annas(`${hop}${results(`mx.hub.example; ${spf}`)}${await letter()}`, relay), null);
});
test("a quoted identity in what a relay tells of a signature proves nothing of others", async () => {
  const dkim = 'dkim=pass header.i="x header.d=town.example y"@evil.example header.s=s1';
  const forged = "DKIM-Signature: v=1; a=rsa-sha256; d=town.example; s=s1; h=from:to:date; bh=x; b=x\r\n";
  assert.equal(await annas(`${hop}${results(`mx.hub.example; ${dkim}`)}${forged}${await letter()}`, relay), null);
});
test("a field in the relay's name that stood in the letter, right below the relay's own, is nobody's word", async () => {
  const own = results("mx.hub.example; spf=fail smtp.mailfrom=eve@evil.example");
  const forged = results("mx.hub.example; spf=pass smtp.mailfrom=anna@town.example");
  assert.equal(await annas(`${hop}${own}${forged}${await letter()}`, relay), null);
});
test("ARC, Received-SPF and look-alike authserv-ids prove nothing", async () => {
  const says = "spf=pass smtp.mailfrom=anna@town.example; dkim=pass header.d=town.example";
  for (const head of [
    `ARC-Authentication-Results: i=1; mx.hub.example; ${says}\r\n`,
    'Received-SPF: pass (mx.hub.example: ok) envelope-from="anna@town.example"\r\n',
    results(`mx.hub.example.evil.example; ${says}`),
    `X-Authentication-Results: mx.hub.example; ${says}\r\n`,
  ])
    assert.equal(await annas(`${hop}${head}${await letter()}`, relay), null, head);
});

for (const from of [
  "anna@town.example, eve@evil.example",
  "eve@evil.example, anna@town.example",
  '"anna@town.example" <eve@evil.example>',
  "anna@town.example <eve@evil.example>",
  "eve@evil.example (anna@town.example)",
  "(eve@evil.example) anna@town.example",
  "anna@town.example:eve@evil.example;",
  "eve@evil.example:;, anna@town.example",
  "=?utf-8?q?anna=40town.example?= <eve@evil.example>",
  "=?utf-8?q?=3Canna=40town.example=3E?= eve@evil.example",
  "<@evil.example:anna@town.example>",
  '"anna@town.example, "@evil.example',
  '"anna@town.example x"@evil.example',
  "<anna@town.example <eve@evil.example>>",
  "<eve@evil.example> <anna@town.example>",
  "eve@evil.example\0, anna@town.example",
  "anna@town.example\0@evil.example",
  "anna@town.example; eve@evil.example",
])
  test(`Eve's own signature and server prove nothing of Anna: From ${JSON.stringify(from)}`, async () => {
    const signed = await letter({ dkim: evil.dkim, from: "eve@evil.example" });
    for (const raw of [
      `From: ${from}\r\n${(await letter({ from: "eve@evil.example" })).replace(/^From: .*\r\n/m, "")}`,
      signed.replace(/^From: .*$/m, `From: ${from}`),
      `From: ${from}\r\n${signed}`,
      `from : ${from}\r\n${signed}`,
      `Sender: anna@town.example\r\nReply-To: anna@town.example\r\n${signed}`,
    ])
      assert.equal(await annas(raw), null);
  });
