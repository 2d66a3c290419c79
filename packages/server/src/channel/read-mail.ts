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
import { openSealedKey } from "./sealed-key.ts";

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
    key: sealedKeyIn(mail, { raw, to }, reading),
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

const TOKEN_IN_ADDRESS = /\b(?:bounce|reply|unsubscribe)\+([a-z2-7]{16,64})@/gi;
const TOKEN_IN_MESSAGE_ID = /<([a-z2-7]{18,600})@/gi;

/** Where a key is looked for, best first: our own address on the envelope, the mail answered, anything quoted. */
function sealedKeyIn(
  mail: ParsedMail,
  { raw, to }: { raw: Buffer; to: string[] },
  { secret }: MailReading,
): string | null {
  const places = [
    to.join(" "),
    addressesOf(mail.to).join(" "),
    mail.inReplyTo ?? "",
    [mail.references ?? []].flat().reverse().join(" "),
    raw.subarray(0, 500_000).toString("latin1"),
  ];
  for (const place of places) {
    for (const [, token = ""] of [...place.matchAll(TOKEN_IN_ADDRESS), ...place.matchAll(TOKEN_IN_MESSAGE_ID)].slice(
      0,
      100,
    )) {
      const key = openSealedKey(token, secret);
      if (key !== null) return key;
    }
  }
  return null;
}

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
