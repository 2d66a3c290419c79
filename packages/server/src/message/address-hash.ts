import { createHmac } from "node:crypto";
import { defaultIdentityPolicy, normalisePhone, phoneForms } from "@rapport/engine/identity/index";

/** An address as it is kept in the suppression list: keyed, so that the list tells nobody who is on it. */
export function addressHash(secret: string, channel: string, address: string): Buffer {
  return createHmac("sha256", secret).update(`${channel}:${address.trim().toLowerCase()}`).digest();
}

/** The address in every form in which it may be written to: whoever closes or opens one means the person, not the form. */
export function addressForms(channel: string, address: string): readonly string[] {
  if (channel !== "sms") return [address];
  const number = normalisePhone(address, defaultIdentityPolicy.region);
  return number === null ? [address] : [...new Set([address, ...phoneForms(number)])];
}

/** The advisory lock of an address: two addresses may share one, which only makes one wait for the other. */
export const lockOf = (hash: Buffer): number => hash.readInt32LE(0);
