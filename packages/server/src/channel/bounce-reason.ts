/** Why a mail came back, in the words that operators of mail systems use. Only the first four speak of a dead address. */
export type BounceReason =
  | "user-unknown"
  | "host-unknown"
  | "has-moved"
  | "not-accept"
  | "mailbox-full"
  | "suspended"
  | "filtered"
  | "expired"
  | "network-error"
  | "blocked"
  | "bad-reputation"
  | "require-ptr"
  | "auth-failure"
  | "policy-violation"
  | "spam-detected"
  | "virus-detected"
  | "security-error"
  | "no-relaying"
  | "rejected"
  | "exceed-limit"
  | "too-many-connections"
  | "speeding"
  | "syntax-error"
  | "system-error"
  | "mailer-error"
  | "undefined";

const DEAD_ADDRESS: ReadonlySet<BounceReason> = new Set(["user-unknown", "host-unknown", "has-moved", "not-accept"]);

/** A hard bounce says that the address itself is dead; anything else may pass, and says nothing against the person. */
export function isHard(reason: BounceReason): boolean {
  return DEAD_ADDRESS.has(reason);
}

/** Docomo says "unknown user" of a subscriber, too, who will not hear from this sender. */
export const TELLS_NOTHING = /@([\w-]+\.)*docomo\.([\w-]+\.)?ne\.jp\b/i;
