import { domainToASCII } from "node:url";

const LONGEST_ADDRESS = 254;
const LONGEST_LOCAL = 64;

/** RFC 5322 dot-atom. Quoted local parts are legal and refused: no provider issues them, and they can hide a second recipient. */
const LOCAL = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const DOMAIN = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * The one address that the text is, its domain lower-case and in ASCII (IDNA), or null: no display names, lists,
 * comments, quotes, address literals or control characters. Takes time linear in the text, however hostile.
 */
export function oneMailbox(text: string): string | null {
  if (text.length > LONGEST_ADDRESS) return null;
  const at = text.indexOf("@");
  if (at < 1 || at > LONGEST_LOCAL || at !== text.lastIndexOf("@")) return null;

  const local = text.slice(0, at);
  const domain = domainToASCII(text.slice(at + 1));
  return LOCAL.test(local) && DOMAIN.test(domain) ? `${local}@${domain}` : null;
}
