import { createHmac, timingSafeEqual } from "node:crypto";

/** A link that only we can have made: the message's key and 128 bits of HMAC-SHA256 over it. It does not grow old. */
export function unsubscribeToken(secret: string, key: string): string {
  return `${key}.${sealOf(secret, key).toString("base64url")}`;
}

/** The message's key, or null for a link that is not ours. */
export function openUnsubscribeToken(secret: string, token: string): string | null {
  const [key, seal] = token.split(".");
  if (!key || !seal) return null;
  const given = Buffer.from(seal, "base64url");
  const expected = sealOf(secret, key);
  return given.length === expected.length && timingSafeEqual(given, expected) ? key : null;
}

const sealOf = (secret: string, key: string): Buffer =>
  createHmac("sha256", secret).update(`unsubscribe:${key}`).digest().subarray(0, 16);
