import { createHash } from "node:crypto";

import { normaliseEmail } from "@rapport/engine/identity/index";
import { readKeyword } from "@rapport/engine/message/opt-out-words";
import { type AddressHeader, type ParsedMail, simpleParser } from "mailparser";

import { cameByList, isAutomatic } from "./automatic-mail.ts";
import type { InboundTouch } from "./gateway.ts";
import { headOf } from "./mail-head.ts";
import { lookOver } from "./mail-shape.ts";
import { oneMailbox } from "./one-mailbox.ts";
import { readBounces } from "./read-bounces.ts";
import { complainedAddresses } from "./read-complaints.ts";
import { replyText } from "./reply-text.ts";
import { sealedKeyIn } from "./sealed-key-in.ts";

/** A mail as it came in. Over IMAP there is no envelope: then `to` is empty. `hasNoReturn`: its envelope names no sender. */
export type IncomingMail = { raw: Buffer; to: string[]; receivedAt: number; hasNoReturn?: boolean };

/** Who reads: the gateway it came by, our domain, and the secret that sealed the keys. */
export type MailReading = { gateway: string; domain: string; secret: string };

/**
 * What a mail tells: complaints (ARF, RFC 5965), bounces (RFC 3464 and older), or a reply, its quotes left out. A delay,
 * an auto-reply or a newsletter tells nothing. A key is named only where its seal was found; a bounce or complaint
 * without one is hearsay, since anybody can write it. Throws `UnreadableMail`.
 */
export async function readMail(
  { raw, to, receivedAt, hasNoReturn = false }: IncomingMail,
  reading: MailReading,
): Promise<InboundTouch[]> {
  headOf(raw);
  lookOver(raw);
  const mail = await simpleParser(unflowedQuotes(raw), {
    keepDeliveryStatus: true,
    skipTextToHtml: true,
    skipImageLinks: true,
    maxHtmlLengthToParse: 1_000_000,
  });
  const found = {
    gateway: reading.gateway,
    key: sealedKeyIn(placesOf(mail, { raw, to }), reading.secret),
    at: receivedAt,
    id: idOf(mail),
  };

  const complaints = complainedAddresses(mail, raw);
  if (complaints.length > 0)
    return complaints.map((address, index) => ({ kind: "complaint", ...found, address, id: `${found.id}/${index}` }));

  const bounces = readBounces(mail);
  if (bounces.length > 0)
    return bounces.flatMap(({ final, ...bounce }, index) =>
      final ? [{ kind: "bounce", ...found, ...bounce, id: `${found.id}/${index}` }] : [],
    );

  const { key, ...rest } = found;
  const reply = replyOf(mail, { to, domain: reading.domain, hasNoReturn });
  if (reply === null || (cameByList(mail) && !isAPersons(mail, reply.text, key))) return [];
  return [{ kind: "reply", channel: "email", ...rest, ...reply, inReplyToKey: key, senderProof: null }];
}

/**
 * In flowed text (RFC 3676) a space at a line's end joins it with the next one of the same quote depth. The parser joins
 * over depths, too, and makes an answer part of the quote above it: without that space it cannot.
 */
function unflowedQuotes(raw: Buffer): Buffer {
  const text = raw.toString("latin1");
  if (!/format="?flowed/i.test(text)) return raw;
  return Buffer.from(text.replace(/^(>[^\n]*[^\s=])(?: |=20)+(?=\r?\n[^>\r\n])/gm, "$1"), "latin1");
}

/** The same mail heard by two ways (SMTP and IMAP) has the same id: only what its sender fixed goes in. */
function idOf(mail: ParsedMail): string {
  const fixed = [mail.messageId, mail.from?.text, mail.date?.toISOString(), mail.subject, mail.text];
  return createHash("sha256").update(JSON.stringify(fixed)).digest("hex").slice(0, 32);
}

/** Where a key is looked for, best first: our own address on the envelope, the mail answered, anything quoted. */
function placesOf(mail: ParsedMail, { raw, to }: { raw: Buffer; to: string[] }): string[] {
  const attached = mail.attachments
    .filter(({ contentType }) => /^(message|text)\//.test(contentType ?? ""))
    .map(({ content }) => content.subarray(0, 100_000).toString("latin1"));
  return [
    to.join(" "),
    addressesOf(mail.to).join(" "),
    mail.inReplyTo ?? "",
    [mail.references ?? []].flat().reverse().join(" "),
    unfolded(raw.subarray(0, 500_000).toString("latin1")),
    ...attached,
    mail.text ?? "",
  ];
}

/** Quoted-printable breaks a token and writes its neighbours in hexadecimals. */
const unfolded = (text: string): string =>
  text.replace(/=\r?\n/g, "").replace(/=(2B|3D|40)/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));

function replyOf(
  mail: ParsedMail,
  { to, domain, hasNoReturn }: { to: string[]; domain: string; hasNoReturn: boolean },
): { from: string; to: string; text: string } | null {
  const author = mail.from?.value[0]?.address ?? "";
  // People have addresses that RFC 5322 forbids, such as a..b@mail.example, by providers that do not mind.
  const from = oneMailbox(author) ?? normaliseEmail(author);
  const ours = [...to, ...addressesOf(mail.to)].find((address) => address.toLowerCase().endsWith(`@${domain}`));
  if (from === null || ours === undefined) return null;

  // Mail programs write to List-Unsubscribe's mailto (RFC 2369) by themselves, and some say so; the address tells what is wanted.
  if (/^unsubscribe[+@]/i.test(ours)) return { from, to: ours, text: "UNSUBSCRIBE" };
  // RFC 5321, 4.5.5: a program that answers by itself names nobody to return to.
  return hasNoReturn || isAutomatic(mail) ? null : { from, to: ours, text: replyText(mail.text ?? "") };
}

/** Of a list's mail: it answers something, or does nothing but opt out. Anything else is the list's own traffic. */
const isAPersons = (mail: ParsedMail, text: string, key: string | null): boolean =>
  key !== null || mail.inReplyTo !== undefined || mail.references !== undefined || readKeyword(text).kind === "opt-out";

function addressesOf(header: AddressHeader | AddressHeader[] | undefined): string[] {
  return [header ?? []].flat().flatMap(({ value }) => value.flatMap(({ address }) => address ?? []));
}
