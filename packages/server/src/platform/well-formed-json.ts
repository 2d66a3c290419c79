/** One escape of JSON: a whole surrogate pair, half of one, or any other. */
const ESCAPES = /\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[dD][89a-fA-F][0-9a-fA-F]{2}|.)/gs;
const HALF_PAIR = /^\\u[dD][89a-fA-F][0-9a-fA-F]{2}$/;

/**
 * The same JSON text with U+FFFD in the place of each half of a surrogate pair: such a string, often an emoji that was cut, is
 * no text, and PostgreSQL can keep a document that holds one but not read it.
 */
export function wellFormedJson(text: string): string {
  if (!/\\u[dD][89a-fA-F]/.test(text)) return text;
  return text.replaceAll(ESCAPES, (one) => (HALF_PAIR.test(one) ? "\\ufffd" : one));
}
