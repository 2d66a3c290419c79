import { createHmac, timingSafeEqual } from "node:crypto";

/** RFC 4648 base32 without padding, lower case: mail servers on the way may change the case of a local part. */
const ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";
const SEAL_BYTES = 10;

/**
 * A message's key as a token that survives a mail address and that a stranger cannot make: HMAC-SHA256 cut to 80 bits,
 * then the key itself, in base32. So a bounce or a reply names its message without a table of tokens.
 */
export function sealKey(key: string, secret: string): string {
  return base32(Buffer.concat([sealOf(key, secret), Buffer.from(key, "utf8")]));
}

/** The key of a token, whatever its case, or null when the token was not made with this secret. */
export function openSealedKey(token: string, secret: string): string | null {
  const bytes = fromBase32(token.toLowerCase());
  if (bytes === null || bytes.length <= SEAL_BYTES) return null;

  const key = bytes.subarray(SEAL_BYTES).toString("utf8");
  return timingSafeEqual(bytes.subarray(0, SEAL_BYTES), sealOf(key, secret)) ? key : null;
}

function sealOf(key: string, secret: string): Buffer {
  return createHmac("sha256", secret).update(key).digest().subarray(0, SEAL_BYTES);
}

function base32(bytes: Buffer): string {
  let text = "";
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    for (; bits >= 5; bits -= 5) text += ALPHABET[(held >> (bits - 5)) & 31];
    held &= (1 << bits) - 1;
  }
  return bits > 0 ? text + ALPHABET[(held << (5 - bits)) & 31] : text;
}

function fromBase32(text: string): Buffer | null {
  if (text.length > 2_000) return null;
  const bytes: number[] = [];
  let bits = 0;
  let held = 0;
  for (const letter of text) {
    const value = ALPHABET.indexOf(letter);
    if (value < 0) return null;
    held = (held << 5) | value;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((held >> bits) & 255);
    }
    held &= (1 << bits) - 1;
  }
  return Buffer.from(bytes);
}
