import { generateKeyPairSync } from "node:crypto";

import type { LookUp } from "../mail-dns.ts";
import type { MailTrust } from "../sender-evidence.ts";

/** Name servers that know these TXT records and nothing else. */
export function mailZone(records: Record<string, string> = {}): LookUp {
  return async (name, type) => {
    const text = type === "TXT" ? records[name.toLowerCase()] : undefined;
    if (text !== undefined) return [[text]];
    throw Object.assign(new Error(`${type} ${name}`), { code: "ENOTFOUND" });
  };
}

/** Nobody is believed but name servers, and they know these records. */
export const trustOf = (records: Record<string, string> = {}): MailTrust => ({
  lookUp: mailZone(records),
  relays: [],
  authservIds: [],
});

/** A domain that signs: what its mail is signed with, by nodemailer, and what its zone says. */
export function signingDomain(domain: string, selector = "s1") {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });
  const record = `v=DKIM1; p=${publicKey.export({ type: "spki", format: "der" }).toString("base64")}`;
  return {
    dkim: {
      domainName: domain,
      keySelector: selector,
      privateKey: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    },
    records: { [`${selector}._domainkey.${domain}`]: record },
  };
}
