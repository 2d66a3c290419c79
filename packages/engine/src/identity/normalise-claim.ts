import type { Claim } from "@rapport/contract/event";
import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from "libphonenumber-js/max";
import { toASCII } from "punycode/punycode.es6.js";

import { currentPhone } from "./phone-forms.ts";
import { type IdentityPolicy, kindOf } from "./policy.ts";

/** A value longer than this is an accident or an attack, not an identifier. */
const LONGEST = 255;

/**
 * Brings a claim to the one form under which it is kept, or answers null when it identifies nobody: blocked, empty,
 * too long, not an address, not a number.
 * E-mail: trimmed, NFC, lower case, domain in ASCII (IDNA by Punycode). Phone: E.164, read in the policy's region.
 */
export function normaliseClaim(claim: Claim, policy: IdentityPolicy): Claim | null {
  const stated = claim.value.trim();
  if (stated.length === 0 || stated.length > LONGEST) return null;
  const value = normalForm(claim.kind, stated, policy);
  if (value === null || kindOf(policy, claim.kind).blocked.includes(value.toLowerCase())) return null;
  return { kind: claim.kind, value };
}

function normalForm(kind: string, value: string, policy: IdentityPolicy): string | null {
  switch (kind) {
    case "email":
      return normaliseEmail(value);
    case "phone":
      return normalisePhone(value, policy.region);
    default:
      return value.includes("\0") ? null : value.toWellFormed();
  }
}

/** One `@`, no spaces, no control characters, a dotted domain. Linear in the length of the value. */
export function normaliseEmail(value: string): string | null {
  const text = value.trim().normalize("NFC").toLowerCase();
  const at = text.lastIndexOf("@");
  if (at < 1 || at > 64 || text.length > LONGEST || text.indexOf("@") !== at) return null;
  const local = text.slice(0, at);
  if (!/^[^\s"(),:;<>[\\\]\p{Cc}]+$/u.test(local)) return null;
  const domain = asciiDomain(text.slice(at + 1));
  return domain === null ? null : `${local}@${domain}`;
}

function asciiDomain(domain: string): string | null {
  try {
    const ascii = toASCII(domain.replace(/[。．]/g, "."));
    return /^(?!-)[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})+$/.test(ascii) ? ascii : null;
  } catch {
    return null;
  }
}

/** E.164 with its plus, in the form that its country's plan has now; null when no country has such a number. */
export function normalisePhone(value: string, region: string): string | null {
  if (value.length > 32) return null;
  const country: CountryCode | undefined = isSupportedCountry(region) ? region : undefined;
  const number = parsePhoneNumberFromString(
    value,
    country ? { defaultCountry: country, extract: false } : { extract: false },
  );
  const now = number && currentPhone(number.number);
  return now && (now !== number.number || number.isPossible()) ? now : null;
}
