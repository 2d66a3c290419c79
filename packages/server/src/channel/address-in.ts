/** RFC 5321 reply texts quote addresses; this finds them without understanding them, letters beyond ASCII (RFC 6531) too. */
const ADDRESS =
  /(?:"[^"\s@]{1,64}"|[^\s<>"():;,[\]]{1,64})@(?:[\p{L}\p{N}-]{1,63}\.){0,10}[\p{L}\p{N}-]{0,62}[\p{L}\p{N}]/u;
const ADDRESSES = new RegExp(ADDRESS, "gu");

/** The first address in a text, or null. */
export function addressIn(text: string): string | null {
  return addressesIn(text)[0]?.address ?? null;
}

/** Every address and where it begins. */
export function addressesIn(text: string): { address: string; at: number }[] {
  return [...text.matchAll(ADDRESSES)].map((match) => {
    const quotes = /^['`*]+(?=[^'])/.exec(match[0])?.[0].length ?? 0;
    return { address: match[0].slice(quotes), at: match.index + quotes };
  });
}
