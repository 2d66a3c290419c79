import { createHmac, timingSafeEqual } from "node:crypto";

import { base32, fromBase32 } from "./base32.ts";

const SEAL_BYTES = 16;
/** Tokens made before seals had 128 bits; mails that carry them are still answered. */
const SEAL_BYTES_BEFORE = 10;

/** What stands behind the seal: a message's id, which fits a local part (RFC 5321, 4.5.3.1.1) only as its sixteen bytes, or a text. */
const KINDS = { id: 1, text: 2 } as const;
const ID_BYTES = 16;

/**
 * A message's key as a token that survives a mail address and that a stranger cannot make: HMAC-SHA256 cut to 128 bits,
 * then the key itself, in base32. So a bounce or a reply names its message without a table of tokens. The token of a
 * message's id has 53 letters.
 */
export function sealKey(key: string, secret: string): string {
  const sealed = sealedBytes(key);
  return base32(Buffer.concat([sealOf(sealed, secret), sealed]));
}

/** The key of a token, whatever its case, or null when the token was not made with this secret. */
export function openSealedKey(token: string, secret: string): string | null {
  const bytes = fromBase32(token.toLowerCase());
  if (bytes === null || bytes.length <= SEAL_BYTES_BEFORE) return null;

  const sealed = bytes.subarray(SEAL_BYTES);
  if (sealed.length > 1 && timingSafeEqual(bytes.subarray(0, SEAL_BYTES), sealOf(sealed, secret))) return keyIn(sealed);

  const before = bytes.subarray(SEAL_BYTES_BEFORE);
  const seal = sealOf(before, secret).subarray(0, SEAL_BYTES_BEFORE);
  return timingSafeEqual(bytes.subarray(0, SEAL_BYTES_BEFORE), seal) ? before.toString("utf8") : null;
}

function sealOf(sealed: Buffer, secret: string): Buffer {
  return createHmac("sha256", secret).update(sealed).digest().subarray(0, SEAL_BYTES);
}

function sealedBytes(key: string): Buffer {
  const id = Buffer.from(key, "base64url");
  const isId = id.length === ID_BYTES && id.toString("base64url") === key;
  return Buffer.concat([Buffer.of(isId ? KINDS.id : KINDS.text), isId ? id : Buffer.from(key, "utf8")]);
}

function keyIn(sealed: Buffer): string {
  return sealed.subarray(1).toString(sealed[0] === KINDS.id ? "base64url" : "utf8");
}
