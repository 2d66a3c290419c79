import { wellFormedJson } from "./well-formed-json.ts";

/** Where a number of sixteen digits or more begins: 2^53 has sixteen. Also true within some texts, which costs time alone. */
const LONG_NUMBER = /(?:^|[:[,\s])-?\d{16}/;
/** A text of JSON, which may lack its end, or a number. */
const TEXT_OR_NUMBER = /"(?:[^"\\]|\\[\s\S])*"?|-?\d[\d.eE+-]*/g;
const WHOLE = /^-?[1-9]\d{15,}$/;

/**
 * Reads a JSON text that came from outside. A whole number beyond 2^53 becomes the text of its digits: as a number it would be
 * rounded (RFC 8259, 6), and two ids would become one. Whoever reads a kept body reads it by this, so that all see the same
 * ids. Throws what `JSON.parse` throws. Not by a reviver, which is recursive: what is deeply nested would be no JSON.
 */
export function readJson(text: string): unknown {
  const formed = wellFormedJson(text);
  return JSON.parse(LONG_NUMBER.test(formed) ? formed.replaceAll(TEXT_OR_NUMBER, asStated) : formed);
}

const asStated = (token: string): string =>
  WHOLE.test(token) && !Number.isSafeInteger(Number(token)) ? `"${token}"` : token;
