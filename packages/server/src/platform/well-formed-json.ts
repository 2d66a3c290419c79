/** One escape of JSON: a whole surrogate pair, half of one, or any other. */
const ESCAPES = /\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.)/gs;
const HALF_PAIR = /^\\u[dD][89a-fA-F][0-9a-fA-F]{2}$/;
const NO_CHARACTER = /^\\u(?:0000|[dD][89a-fA-F][0-9a-fA-F]{2})$/;

/**
 * The same JSON text with U+FFFD in the place of each half of a surrogate pair: such a string, often an emoji that was cut, is
 * no text, and PostgreSQL can keep a document that holds one but not read it.
 */
export const wellFormedJson = (text: string): string =>
  /\\u[dD][89a-fA-F]/.test(text) ? replaced(text, HALF_PAIR) : text;

/** The same, and without NUL, which PostgreSQL's jsonb does not take. */
export const jsonbText = (text: string): string =>
  /\\u(?:0000|[dD][89a-fA-F])/.test(text) ? replaced(text, NO_CHARACTER) : text;

const replaced = (text: string, unfit: RegExp): string =>
  text.replaceAll(ESCAPES, (one) => (unfit.test(one) ? "\\ufffd" : one));
