/** A text up to this long is its own name. */
const LONGEST = 40;

/**
 * The text, or `#` and 14 hexadecimal digits in the place of a longer one. Two long texts may have one name, and whoever looks for two
 * finds them: good for a count that is a lower bound, and for nothing that must tell them apart.
 */
export const shortName = (text: string): string =>
  text.length <= LONGEST ? text : `#${cyrb53(text).toString(16).padStart(14, "0")}`;

/** cyrb53 by bryc, public domain (github.com/bryc/code, jshash/experimental/cyrb53.js): 53 bits of a text. */
function cyrb53(text: string): number {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    high = Math.imul(high ^ unit, 2_654_435_761);
    low = Math.imul(low ^ unit, 1_597_334_677);
  }
  high = Math.imul(high ^ (high >>> 16), 2_246_822_507) ^ Math.imul(low ^ (low >>> 13), 3_266_489_909);
  low = Math.imul(low ^ (low >>> 16), 2_246_822_507) ^ Math.imul(high ^ (high >>> 13), 3_266_489_909);
  return 4_294_967_296 * (2_097_151 & low) + (high >>> 0);
}
