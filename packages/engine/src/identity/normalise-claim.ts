import type { Claim } from "@rapport/contract/event";

import { normaliseEmail } from "./normalise-email.ts";
import { normalisePhone } from "./normalise-phone.ts";
import { isPlaceholder, isPlaceholderEmail } from "./placeholder.ts";
import { CUSTOMER_KIND, type IdentityPolicy, kindOf } from "./policy.ts";

/** A value longer than this is an accident or an attack, not an identifier. */
const LONGEST = 255;

/**
 * Brings a claim to the one form under which it is kept, or answers null when it identifies nobody: blocked, empty,
 * too long, not an address, not a number.
 * E-mail by `normaliseEmail`; phone in E.164, read in the policy's region where it says no country.
 */
export function normaliseClaim(claim: Claim, policy: IdentityPolicy): Claim | null {
  const stated = claim.value.trim();
  if (stated.length === 0 || stated.length > LONGEST) return null;
  if (claim.kind !== CUSTOMER_KIND && isPlaceholder(stated)) return null;
  const value = normalForm(claim.kind, stated, policy);
  if (value === null || kindOf(policy, claim.kind).blocked.includes(value.toLowerCase())) return null;
  return { kind: claim.kind, value };
}

function normalForm(kind: string, value: string, policy: IdentityPolicy): string | null {
  switch (kind) {
    case "email": {
      const address = normaliseEmail(value);
      return address !== null && isPlaceholderEmail(address) ? null : address;
    }
    case "phone":
      return normalisePhone(value, policy.region);
    default:
      return value.includes("\0") ? null : value.toWellFormed();
  }
}
