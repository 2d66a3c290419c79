import addressParser from "nodemailer/lib/addressparser";

import { type HeaderField, onlyField } from "./mail-head.ts";

/** A signature speaks for so long: as long as the hub remembers that it has heard a mail before. */
const SPEAKS_FOR_MS = 30 * 86_400_000;
const CLOCK_SKEW_MS = 86_400_000;

/** Whether a mail is of these days and addressed to `domain`: a signed letter may be sent again by anybody who has got it. */
export function speaksForUs(head: HeaderField[], { domain, now }: { domain: string; now: number }): boolean {
  const writtenAt = Date.parse(onlyField(head, "date") ?? "");
  return (
    writtenAt > now - SPEAKS_FOR_MS &&
    writtenAt < now + CLOCK_SKEW_MS &&
    mailboxesIn(onlyField(head, "to") ?? "").some((address) => address.endsWith(`@${domain.toLowerCase()}`))
  );
}

/** The addresses of an address list, lower case, those of its groups too; names and comments are none. */
const mailboxesIn = (list: string): string[] =>
  addressParser(list, { flatten: true }).flatMap(({ address }) => (address ? [address.toLowerCase()] : []));

/**
 * What a signature must cover to speak for what is said here and now: who says it, when, and to whom. Without the last
 * two a letter that somebody signed for another company could be sent to us, today or in a year. `fields` as in `h=`.
 */
export function coversWhatCounts(fields: string): boolean {
  const covered = new Set(fields.toLowerCase().split(/[\s:]+/));
  return covered.has("from") && covered.has("date") && covered.has("to");
}

/** A DKIM signature as it says of itself (RFC 6376, 3.5). `limited`: it leaves some of the body uncovered. */
export type DkimSignature = { domain: string; selector: string; fields: string; limited: boolean };

export function signaturesIn(head: HeaderField[]): DkimSignature[] {
  return head
    .filter(({ name }) => name === "dkim-signature")
    .map(({ value }) => new Map(value.split(";").map(tagOf)))
    .map((tags) => ({
      domain: (tags.get("d") ?? "").toLowerCase(),
      selector: tags.get("s") ?? "",
      fields: tags.get("h") ?? "",
      limited: tags.has("l"),
    }));
}

function tagOf(tag: string): [name: string, value: string] {
  const equals = tag.indexOf("=");
  return [tag.slice(0, equals).trim(), tag.slice(equals + 1).replace(/\s+/g, "")];
}
