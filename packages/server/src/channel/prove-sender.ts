import { dmarc } from "mailauth";
import { getDomain } from "tldts";

import { oneMailbox } from "./one-mailbox.ts";
import type { SenderEvidence } from "./sender-evidence.ts";
import type { SignedBy } from "./signed-by.ts";

/** How the domain of a mail's sender vouched for it. */
export type SenderProof = "dkim" | "spf" | "relay";

/**
 * Whether a mail is from whom it says: it has one author, `from`, and a signature that holds, or the server that the
 * envelope's domain sends by, is of the author's domain, as DMARC asks it (RFC 7489, 3.1): of the same organisation, or
 * exactly the same where the domain's record says so. A domain without a record is held to the first. Null: not proven.
 */
export async function proveSender(
  from: string,
  signed: SignedBy,
  { spf, relay, lookUp }: SenderEvidence,
): Promise<SenderProof | null> {
  const [author = "", another] = signed.from;
  if (signed.fromFields !== 1 || another !== undefined || oneMailbox(author) !== from) return null;
  const domain = from.slice(from.indexOf("@") + 1);
  const isAligned = (passed: string) => organisationOf(passed) === organisationOf(domain);
  if (relay !== null) return !relay.dmarcFailed && [...relay.dkim, relay.spf ?? ""].some(isAligned) ? "relay" : null;

  const spfDomains = spf === null ? [] : [spf];
  if (![...signed.domains, ...spfDomains].some(isAligned)) return null;
  const verdict = await dmarc({
    headerFrom: [author],
    spfDomains,
    dkimDomains: signed.domains.map((one) => ({ domain: one })),
    resolver: lookUp,
  });
  if (!verdict) return null;
  const { status, alignment } = verdict;
  if (status.result === "none") return signed.domains.some(isAligned) ? "dkim" : "spf";
  if (status.result !== "pass") return null;
  return alignment?.dkim.result ? "dkim" : "spf";
}

/** The organisational domain by the public suffix list; suffixes such as `github.io` are no organisations. */
const organisationOf = (host: string): string => getDomain(host, { allowPrivateDomains: true }) ?? host;
