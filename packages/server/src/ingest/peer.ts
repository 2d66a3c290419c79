import { createHmac } from "node:crypto";
import { BlockList, isIPv6 } from "node:net";

/** A peer's name by its address: a keyed hash, so that no address is kept. */
export type PeerOf = (address: string) => string;

/** One household or office is one peer: an IPv4 address, or the /64 that an IPv6 subscriber is given (RFC 6177). */
export function keyedPeers(secret: string): PeerOf {
  return (address) =>
    createHmac("sha256", secret)
      .update(`peer ${networkOf(address)}`)
      .digest("hex")
      .slice(0, 24);
}

const MAPPED = new BlockList();
MAPPED.addSubnet("::ffff:0:0", 96, "ipv6");

/** The address, or the first 64 bits of one of IPv6. An IPv4 address written as IPv6 is an IPv4 address. */
export function networkOf(address: string): string {
  const [bare = ""] = address.split("%");
  if (!isIPv6(bare)) return bare;
  if (MAPPED.check(bare, "ipv6") && bare.includes(".")) return bare.slice(bare.lastIndexOf(":") + 1);
  const [head = "", tail] = bare.toLowerCase().split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = tail === undefined ? [] : new Array<string>(Math.max(0, 8 - left.length - right.length)).fill("0");
  return [...left, ...zeros, ...right]
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ""))
    .join(":");
}
