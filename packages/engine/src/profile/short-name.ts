/** A text up to this long is its own name. */
const LONGEST = 40;

/**
 * The text, or `#` and 16 hexadecimal digits in the place of a longer one. Two long texts may have one name, and whoever looks for
 * two finds them: good for a count that is a lower bound, and for nothing that must tell them apart.
 */
export const shortName = (text: string): string =>
  text.length <= LONGEST ? text : `#${inHex(hashOf(text, FORWARD))}${inHex(hashOf(text, BACKWARD))}`;

const inHex = (hash: number): string => hash.toString(16).padStart(8, "0");

const FORWARD = 1;
const BACKWARD = -1;
const OFFSET = 0x811c9dc5;
const PRIME = 0x01000193;

/** FNV-1a of 32 bits (Fowler, Noll, Vo) over the text's UTF-16 code units, from its beginning or from its end. */
function hashOf(text: string, direction: 1 | -1): number {
  let hash = OFFSET;
  for (let index = direction === FORWARD ? 0 : text.length - 1; index >= 0 && index < text.length; index += direction)
    hash = Math.imul(hash ^ text.charCodeAt(index), PRIME);
  return hash >>> 0;
}
