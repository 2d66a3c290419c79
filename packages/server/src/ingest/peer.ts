import { createHmac } from "node:crypto";

import { peerOf } from "../platform/peer-of.ts";

/** A peer's name by its address: a keyed hash, so that no address is kept. */
export type PeerOf = (address: string) => string;

export function keyedPeers(secret: string): PeerOf {
  return (address) =>
    createHmac("sha256", secret)
      .update(`peer ${peerOf(address)}`)
      .digest("hex")
      .slice(0, 24);
}
