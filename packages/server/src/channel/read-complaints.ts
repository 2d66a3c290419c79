import type { ParsedMail, ParsedPart } from "mailparser";

import { oneMailbox } from "./one-mailbox.ts";

const MOST_ADDRESSES = 50;
/** Feedback that is no complaint of a person (RFC 5965, 7.3; RFC 6591; RFC 6430). */
const NO_COMPLAINT = /^feedback-type:\s*(not-spam|auth-failure|dmarc|dkim)/im;

/**
 * Who complained: by the feedback report (ARF, RFC 5965), or as Microsoft's junk-mail reporting does it, by a header of
 * the mail it returns. A report that names nobody still counts, as null; empty when the mail is no complaint.
 */
export function complainedAddresses(mail: ParsedMail, raw: Buffer): (string | null)[] {
  const report = partOf(mail, "message/feedback-report");
  if (report !== null)
    return NO_COMPLAINT.test(report)
      ? []
      : named(report, /^(?:original-rcpt-to|removal-recipient):\s*<?([^\s<>]+)>?\s*$/gim);

  // The returned mail stands inline there, so its headers are found in the source alone.
  const isReturned = /^\s*complaint about message from/i.test(mail.subject ?? "");
  return isReturned ? named(start(raw), /^x-hmxmroriginalrecipient:\s*<?([^\s<>]+)>?\s*$/gim) : [];
}

const start = (bytes: Buffer): string => bytes.subarray(0, 100_000).toString("utf8");

function partOf(mail: ParsedMail, type: string): string | null {
  const part: ParsedPart | undefined = mail.attachments.find(({ contentType }) => contentType === type);
  return part === undefined ? null : start(part.content);
}

function named(fields: string, field: RegExp): (string | null)[] {
  const addresses = [...fields.matchAll(field)].map(([, address = ""]) => oneMailbox(address));
  return addresses.length > 0 ? addresses.slice(0, MOST_ADDRESSES) : [null];
}
