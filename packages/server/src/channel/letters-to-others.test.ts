import assert from "node:assert/strict";
import { after, test } from "node:test";
import { createTransport, type SendMailOptions } from "nodemailer";

import { openMailRoom } from "./mail-room.ts";
import { mailZone, signingDomain } from "./peers/mail-zone.ts";
import { readProvenMail } from "./read-proven-mail.ts";
import type { Envelope, MailTrust } from "./sender-evidence.ts";

const room = openMailRoom();
after(() => room.close());
const town = signingDomain("town.example");
const evil = signingDomain("evil.example");
const sub = signingDomain("users.town.example");
const zone = {
  ...town.records,
  ...evil.records,
  ...sub.records,
  "town.example": "v=spf1 ip4:192.0.2.1 -all",
  "evil.example": "v=spf1 ip4:198.51.100.7 -all",
};
const trust: MailTrust = { lookUp: mailZone(zone), relays: ["10.0.0.0/8"], authservIds: ["mx.hub.example"] };
const envelope: Envelope = { peer: "198.51.100.7", helo: "evil.example", mailFrom: "eve@evil.example" };

async function letter(over: SendMailOptions & { dkim?: unknown } = {}): Promise<string> {
  const { dkim, ...rest } = over;
  const transport = createTransport({
    ...{ streamTransport: true, buffer: true, newline: "windows" },
    ...(dkim ? { dkim: dkim as typeof town.dkim } : {}),
  } as const);
  const mail = { from: "Anna <anna@town.example>", to: "care@hub.example", subject: "Re: x", text: "START", ...rest };
  return String((await transport.sendMail(mail)).message);
}
async function read(raw: string, from: Envelope | null = envelope, believed = trust) {
  const mail = { raw: Buffer.from(raw, "latin1"), to: ["care@hub.example"], receivedAt: Date.now() };
  return readProvenMail(mail, from, { gateway: "mail", domain: "hub.example", secret: "s", room, trust: believed });
}
/** Of a reply taken to be Anna's: its proof; null where nothing is proven of her. */
async function annas(raw: string, from: Envelope | null = envelope, believed = trust): Promise<unknown> {
  const [touch] = await read(raw, from, believed);
  return touch?.kind === "reply" && touch.from === "anna@town.example" ? touch.senderProof : null;
}

for (const name of ["care@hub.example ", "care@hub.example,", "<care@hub.example>", "care@hub.example;"])
  test(`a letter that Anna signed to Eve, whom Eve named ${JSON.stringify(name)}, is not Anna's word to us`, async () => {
    assert.equal(await annas(await letter({ dkim: town.dkim, to: { name, address: "eve@evil.example" } })), null);
  });
test("a letter signed to another address whose comment names us is not a word to us", async () => {
  const raw = await letter({ dkim: town.dkim, to: "eve@evil.example", headers: {} });
  assert.equal(await annas(raw), null);
});
