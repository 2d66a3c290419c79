import { toASCII } from "punycode/punycode.es6.js";

import { looksLikeAnother, visibleText } from "./visible-text.ts";

const LONGEST = 255;

/**
 * An address as it is kept: visible characters in ordinary width, NFC, lower case, its domain in ASCII (IDNA by Punycode). Null
 * for what is none: it needs one `@`, no spaces, no control characters, a dotted domain, and no word that looks like another
 * (`аpple` with a Cyrillic `а`). Linear in the length of the value.
 */
export function normaliseEmail(value: string): string | null {
  if (value.length > 2 * LONGEST) return null;
  const text = visibleText(value)
    .replace(/^mailto:/i, "")
    .toLowerCase();
  const at = text.lastIndexOf("@");
  if (at < 1 || at > 64 || text.length > LONGEST || text.indexOf("@") !== at) return null;
  const local = text.slice(0, at);
  if (!/^[^\s"(),:;<>[\\\]\p{Cc}]+$/u.test(local) || !local.isWellFormed()) return null;
  if (text.split(/[@.。．]/).some(looksLikeAnother)) return null;
  const domain = asciiDomain(text.slice(at + 1));
  return domain === null ? null : `${local}@${domain}`;
}

function asciiDomain(domain: string): string | null {
  try {
    const ascii = toASCII(domain.replace(/[。．]/g, "."));
    return /^(?!-)[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})+$/.test(ascii) ? ascii : null;
  } catch {
    return null;
  }
}
