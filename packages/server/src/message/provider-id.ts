/**
 * A provider's id as it is kept: message centres write one id in upper and lower case, with noughts and `0x` before it and
 * without.
 */
export const keptId = (id: string): string =>
  id
    .trim()
    .toLowerCase()
    .replace(/^(0x)?0*(?=.)/, "");

const LONGEST_NUMBER = 40;

/**
 * The ids under which the message of a receipt may be kept, the likeliest first: as it is, and where it is a number, the same
 * number in the other base. SMPP 3.4, appendix B, has decimal ids in a receipt's text; the answer to a submission is often
 * hexadecimal.
 */
export function idsOf(id: string): string[] {
  const kept = keptId(id);
  const isShort = kept.length <= LONGEST_NUMBER;
  return [
    ...new Set([
      id,
      kept,
      ...(isShort && /^\d+$/.test(kept) ? [BigInt(kept).toString(16)] : []),
      ...(isShort && /^[\da-f]+$/.test(kept) ? [BigInt(`0x${kept}`).toString()] : []),
    ]),
  ];
}
