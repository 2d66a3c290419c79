import type { SendMailOptions } from "nodemailer";

import type { Content, Handoff } from "./gateway.ts";
import { sealKey } from "./sealed-key.ts";

/** What stands on every mail of ours. */
export type Letterhead = {
  from: { name: string; address: string };
  /** The domain whose mail comes to us: bounces, replies and unsubscriptions are addressed to it. */
  domain: string;
  /** Seals keys, so that strangers cannot make up bounces or replies. */
  secret: string;
};

/** RFC 5321, 4.5.3.1.1. A token that makes a local part longer is left out; the Message-ID still carries it. */
const LONGEST_LOCAL = 64;
/** RFC 5322 allows 998 octets a line. The unsubscribe header must fit, since a folded one breaks its signature on the way. */
const LONGEST_HEADER = 900;

/**
 * The mail of a hand-off to one address. Its Message-ID, envelope sender (VERP) and Reply-To carry the sealed key, so
 * answers and bounces find their message. Line breaks in the subject become spaces. Answers null when the unsubscribe
 * address cannot stand in a header (RFC 8058 wants https).
 */
export function composeMail(
  handoff: Handoff & { content: Content & { kind: "email" } },
  letterhead: Letterhead,
): SendMailOptions | null {
  const token = sealKey(handoff.key, letterhead.secret);
  const addressed = (purpose: string) => taggedAddress(purpose, token, letterhead.domain);
  const unsubscribe = handoff.unsubscribe === null ? {} : unsubscribeHeaders(handoff.unsubscribe);
  if (unsubscribe === null) return null;

  return {
    envelope: { from: addressed("bounce"), to: [handoff.to] },
    messageId: `<${token}@${letterhead.domain}>`,
    from: { name: oneLine(letterhead.from.name), address: letterhead.from.address },
    replyTo: { name: oneLine(letterhead.from.name), address: addressed("reply") },
    to: { name: "", address: handoff.to },
    subject: oneLine(handoff.content.subject),
    text: handoff.content.text,
    ...(handoff.content.html === null ? {} : { html: handoff.content.html }),
    headers: {
      // RFC 3834: tells other machines that no person wrote it, so that they do not answer with a vacation notice.
      ...(handoff.lane === "conversation" ? {} : { "Auto-Submitted": "auto-generated" }),
      "X-Rapport-Key": handoff.key.replace(/[^!-~]/g, encodeURIComponent),
      ...unsubscribe,
    },
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

/** `purpose+token@domain`, or `purpose@domain` where the local part would be too long. */
function taggedAddress(purpose: string, token: string, domain: string): string {
  const local = `${purpose}+${token}`;
  return `${local.length <= LONGEST_LOCAL ? local : purpose}@${domain}`;
}

function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, " ").trim();
}

type PreparedHeader = { prepared: true; foldLines: false; value: string };

function unsubscribeHeaders({ url, mailto }: { url: string; mailto: string }): Record<string, PreparedHeader> | null {
  const address = mailto.startsWith("mailto:") ? mailto : `mailto:${mailto}`;
  const value = `<${url}>, <${address}>`;
  const fits = isHeaderUrl(url) && url.startsWith("https://") && isHeaderUrl(address) && value.length <= LONGEST_HEADER;
  return fits ? { "List-Unsubscribe": asIs(value), "List-Unsubscribe-Post": asIs("List-Unsubscribe=One-Click") } : null;
}

const isHeaderUrl = (url: string): boolean => /^[!-;=?-~]+$/.test(url) && URL.canParse(url);
const asIs = (value: string): PreparedHeader => ({ prepared: true, foldLines: false, value });
