import { createHash } from "node:crypto";

import { dkimVerify } from "mailauth";

import type { HeaderField } from "./mail-head.ts";
import type { KnownKeys } from "./sender-evidence.ts";
import { coversWhatCounts, speaksForUs } from "./speaks-for-us.ts";

/**
 * Who a mail says wrote it, each mailbox of each `From`, and the domains whose signatures hold and cover what counts.
 * `bodyHash` is of the body without its white space, which no canonicalisation (RFC 6376, 3.4) can change.
 */
export type SignedBy = { from: string[]; fromFields: number; domains: string[]; bodyHash: string };

/**
 * Verifies the DKIM signatures (RFC 6376) with keys that were asked for before. One that is short of the whole body, that
 * leaves open who wrote, when and to whom, or whose letter is old or to somebody else, does not count.
 */
export async function signedBy(
  raw: Buffer,
  head: HeaderField[],
  { keys, domain, now }: { keys: KnownKeys; domain: string; now: number },
): Promise<SignedBy> {
  const { headerFrom, fromFields, results } = await dkimVerify(raw, {
    rejectRsaSha1: true,
    resolver: async (name) => keyOf(keys, name),
  });
  const holding = results.filter(
    ({ status, signingHeaders }) =>
      status.result === "pass" && !status.underSized && coversWhatCounts(signingHeaders?.keys ?? ""),
  );
  return {
    from: headerFrom,
    fromFields,
    domains: speaksForUs(head, { domain, now })
      ? holding.flatMap(({ signingDomain }) => signingDomain?.toLowerCase() ?? [])
      : [],
    bodyHash: createHash("sha256").update(bodyOf(raw)).digest("hex"),
  };
}

function bodyOf(raw: Buffer): string {
  const text = raw.toString("latin1");
  const end = /\n\r?\n/.exec(text);
  return end === null ? "" : text.slice(end.index + end[0].length).replace(/\s+/g, "");
}

function keyOf(keys: KnownKeys, name: string): string[][] {
  const answer = keys[name.toLowerCase()];
  if (answer && "records" in answer) return answer.records;
  throw Object.assign(new Error("no key"), { code: answer?.code ?? "ENOTFOUND" });
}
