import type { BounceReason } from "./bounce-reason.ts";

/**
 * Enhanced status codes (RFC 3463 and the registry of RFC 5248) that leave no room for words: what they say of an address,
 * of a letter or of its sender is one thing. Subject and detail; the class says only whether it may pass.
 */
const DECISIVE: Readonly<Record<string, BounceReason>> = {
  "1.1": "user-unknown",
  "1.2": "host-unknown",
  "1.6": "has-moved",
  "1.7": "rejected",
  "1.8": "rejected",
  "2.2": "mailbox-full",
  "2.3": "exceed-limit",
  "3.4": "exceed-limit",
  "4.6": "network-error",
  // RFC 7372, RFC 7505 (7.27: our own domain takes no mail), RFC 8689 (7.30).
  "7.20": "auth-failure",
  "7.21": "auth-failure",
  "7.22": "auth-failure",
  "7.23": "auth-failure",
  "7.24": "auth-failure",
  "7.25": "require-ptr",
  "7.26": "auth-failure",
  "7.27": "rejected",
  "7.30": "security-error",
};

/** Codes that servers give for many a reason: they count where no word does. */
const LOOSE: Readonly<Record<string, BounceReason>> = {
  "1.0": "rejected",
  "1.3": "user-unknown",
  "1.4": "rejected",
  "1.9": "rejected",
  // RFC 7505: a null MX. Exchange Online gives it to an unknown recipient, too, and says so in words.
  "1.10": "not-accept",
  "2.0": "filtered",
  "2.1": "suspended",
  "3.1": "mailbox-full",
  "3.2": "system-error",
  "3.5": "system-error",
  "4.0": "expired",
  "4.1": "expired",
  "4.2": "expired",
  "4.3": "network-error",
  "4.4": "network-error",
  "4.5": "expired",
  "4.7": "expired",
  "5.1": "syntax-error",
  "5.2": "syntax-error",
  "5.3": "too-many-connections",
  "5.4": "syntax-error",
  "6.0": "policy-violation",
  "6.1": "policy-violation",
  "7.0": "policy-violation",
  "7.1": "blocked",
  "7.2": "rejected",
  "7.3": "security-error",
  "7.4": "security-error",
  "7.5": "security-error",
  "7.6": "security-error",
  "7.7": "security-error",
  "7.8": "security-error",
  "7.9": "security-error",
  "7.28": "speeding",
  "7.509": "auth-failure",
};

/** What a code says whatever words stand beside it, or null. */
export function decisiveReason(status: string | null): BounceReason | null {
  return DECISIVE[detailOf(status)] ?? null;
}

/** What a code hints at when no words say more, or null. */
export function looseReason(status: string | null): BounceReason | null {
  const detail = detailOf(status);
  // Exchange Online: 5.7.600 … 5.7.899 refuse the address that connects.
  return LOOSE[detail] ?? (/^7\.[6-8]\d\d$/.test(detail) ? "blocked" : null);
}

const detailOf = (status: string | null): string => status?.slice(status.indexOf(".") + 1) ?? "";
