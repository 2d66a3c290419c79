import { BlockList, isIPv6 } from "node:net";

import { spf } from "mailauth";

import { boundedLookUp, type LookUp } from "./mail-dns.ts";
import type { HeaderField } from "./mail-head.ts";
import { oneMailbox } from "./one-mailbox.ts";
import { type RelayFindings, readRelayFindings } from "./relay-findings.ts";
import { signaturesIn } from "./speaks-for-us.ts";

/** Whom the company believes about its mail, and where names are looked up. */
export type MailTrust = {
  lookUp: LookUp;
  /** Relays of ours, by address or network (`10.0.0.0/8`): who sends by them is told by their findings, not by their address. */
  relays: readonly string[];
  /** Names under which our relays write `Authentication-Results` (RFC 8601, 2.5). */
  authservIds: readonly string[];
};

/** What the SMTP peer said of itself; `peer` is its address. */
export type Envelope = { peer: string; helo: string; mailFrom: string };

/** Public keys by name, or why there is none. */
export type KnownKeys = Record<string, { records: string[][] } | { code: string }>;

export type SenderEvidence = {
  keys: KnownKeys;
  /** The envelope sender's domain, where it lets the peer send for it (SPF, RFC 7208). */
  spf: string | null;
  /** What a relay of ours found out; then nothing else counts. */
  relay: RelayFindings | null;
  /** For what is asked afterwards: of the same mail's time and number of questions. */
  lookUp: LookUp;
};

const MOST_SIGNATURES = 5;

/**
 * Asks the name servers what is needed to know who sent a mail to `domain`, ours, at `now`. A fault of theirs proves
 * nothing, and loses no mail.
 */
export async function gatherEvidence(
  head: HeaderField[],
  envelope: Envelope | null,
  { trust, domain, now }: { trust: MailTrust; domain: string; now: number },
): Promise<SenderEvidence> {
  const lookUp = boundedLookUp(trust.lookUp);
  const isFromUs = envelope === null || isOneOf(trust.relays, envelope.peer);
  const relay = isFromUs ? readRelayFindings(head, { authservIds: trust.authservIds, domain, now }) : null;
  if (relay !== null) return { keys: {}, spf: null, relay, lookUp };
  const [keys, spfDomain] = await Promise.all([
    keysFor(head, lookUp),
    isFromUs || envelope === null ? null : spfDomainOf(envelope, lookUp),
  ]);
  return { keys, spf: spfDomain, relay, lookUp };
}

async function keysFor(head: HeaderField[], lookUp: LookUp): Promise<KnownKeys> {
  const names = signaturesIn(head)
    .slice(0, MOST_SIGNATURES)
    .map(({ selector, domain }) => `${selector}._domainkey.${domain}`.toLowerCase());
  const answers = await Promise.all(
    [...new Set(names)].map(async (name) => {
      try {
        return [name, { records: (await lookUp(name, "TXT")) as string[][] }] as const;
      } catch (fault) {
        return [name, { code: String((fault as { code?: unknown }).code ?? "ESERVFAIL") }] as const;
      }
    }),
  );
  return Object.fromEntries(answers);
}

async function spfDomainOf({ peer, helo, mailFrom }: Envelope, lookUp: LookUp): Promise<string | null> {
  const sender = oneMailbox(mailFrom);
  if (sender === null) return null;
  const { status, domain } = await spf({ sender, ip: plainAddress(peer), helo, resolver: lookUp });
  return status.result === "pass" ? domain.toLowerCase() : null;
}

/** An IPv4 peer of a socket that listens on both comes as `::ffff:192.0.2.1`. */
export const plainAddress = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, "");

/** Whether an address is one of these addresses and networks. */
export function isOneOf(networks: readonly string[], address: string): boolean {
  const list = new BlockList();
  for (const network of networks) {
    const [start = "", bits] = network.split("/");
    const family = isIPv6(start) ? "ipv6" : "ipv4";
    if (bits === undefined) list.addAddress(start, family);
    else list.addSubnet(start, Number(bits), family);
  }
  const plain = plainAddress(address);
  return list.check(plain, isIPv6(plain) ? "ipv6" : "ipv4");
}
