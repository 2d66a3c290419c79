import { createHmac } from "node:crypto";

/** An address as it is kept in the suppression list: keyed, so that the list tells nobody who is on it. */
export function addressHash(secret: string, channel: string, address: string): Buffer {
  return createHmac("sha256", secret).update(`${channel}:${address.trim().toLowerCase()}`).digest();
}

/** The advisory lock of an address: two addresses may share one, which only makes one wait for the other. */
export const lockOf = (hash: Buffer): number => hash.readInt32LE(0);
