import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import { Secret, TOTP } from "otpauth";

const PERIOD_MS = 30_000;
/** A code of the step before or after counts: clocks and people are slow (RFC 6238, 5.2). */
const WINDOW = 1;

/** 160 bits, as RFC 4226 advises. */
export const newTotpSecret = (): Buffer => randomBytes(20);

const totpOf = (secret: Buffer, digits = 6): TOTP =>
  new TOTP({
    secret: new Secret({ buffer: Uint8Array.from(secret).buffer }),
    algorithm: "SHA1",
    digits,
    period: PERIOD_MS / 1_000,
  });

/** What an authenticator's app shows at a time (RFC 6238). */
export const totpCode = (secret: Buffer, at: number, digits?: number): string =>
  totpOf(secret, digits).generate({ timestamp: at });

/** The step that a code is of, when it is one of this secret now; else null. */
export function totpStep(secret: Buffer, code: string, now: number): number | null {
  const delta = totpOf(secret).validate({ token: code, timestamp: now, window: WINDOW });
  return delta === null ? null : Math.floor(now / PERIOD_MS) + delta;
}

/** For people who type, and for apps that read a picture (Google Authenticator's key URI). */
export function tellTotp(secret: Buffer, issuer: string, account: string): { secret: string; uri: string } {
  const base32 = new Secret({ buffer: Uint8Array.from(secret).buffer }).base32;
  const uri = new TOTP({ secret: base32, issuer, label: account, digits: 6, period: 30 }).toString();
  return { secret: base32, uri };
}

/** Secrets are kept encrypted (AES-256-GCM) with a key made from the hub's own, each bound to its colleague. */
export function sealTotp(hubSecret: string, staffId: string, secret: Buffer): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", keyOf(hubSecret), nonce).setAAD(Buffer.from(staffId));
  return Buffer.concat([nonce, cipher.update(secret), cipher.final(), cipher.getAuthTag()]);
}

export function openTotp(hubSecret: string, staffId: string, sealed: Buffer): Buffer {
  const decipher = createDecipheriv("aes-256-gcm", keyOf(hubSecret), sealed.subarray(0, 12))
    .setAAD(Buffer.from(staffId))
    .setAuthTag(sealed.subarray(-16));
  return Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()]);
}

const keyOf = (hubSecret: string): Buffer => Buffer.from(hkdfSync("sha256", hubSecret, "", "totp", 32));
