import { isIP } from "node:net";

/**
 * Whom an address belongs to, as limits count it: an IPv4 address (also as IPv6 writes it), or the /64 of an IPv6 one,
 * which is the least that a network gives a single customer (RFC 6177). What is no address is nobody in particular.
 */
export function peerOf(address: string): string {
  const bare = address.split("%", 1)[0] ?? "";
  if (isIP(bare) === 4) return bare;
  if (isIP(bare) !== 6) return "unknown";
  const groups = groupsOf(bare);
  const isMapped = groups.slice(0, 6).join(":") === "0:0:0:0:0:ffff";
  return isMapped ? dotted(groups.slice(6)) : `${groups.slice(0, 4).join(":")}::/64`;
}

/** The eight groups of an IPv6 address, each without leading zeros (RFC 4291, 2.2). */
function groupsOf(address: string): string[] {
  const inGroups = address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, ...bytes: string[]) => {
    const [a = 0, b = 0, c = 0, d = 0] = bytes.slice(0, 4).map(Number);
    return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
  });
  const [head = "", tail] = inGroups.split("::");
  const [first, last] = [head, tail ?? ""].map((text) => (text === "" ? [] : text.split(":")));
  const zeros = Array<string>(8 - (first?.length ?? 0) - (last?.length ?? 0)).fill("0");
  return [...(first ?? []), ...zeros, ...(last ?? [])].map((group) => Number.parseInt(group, 16).toString(16));
}

const dotted = (groups: string[]): string =>
  groups
    .map((group) => Number.parseInt(group, 16))
    .flatMap((group) => [group >> 8, group & 255])
    .join(".");
