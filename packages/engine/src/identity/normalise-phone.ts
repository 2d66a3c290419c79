import {
  type CountryCode,
  getCountries,
  getCountryCallingCode,
  isSupportedCountry,
  Metadata,
  type PhoneNumber,
  parsePhoneNumberFromString,
} from "libphonenumber-js/max";

import { currentPhone } from "./phone-forms.ts";
import { visibleText } from "./visible-text.ts";

/** Longer than any number with its scheme and signs. */
const LONGEST = 64;
/** RFC 3966 (`tel`), RFC 5724 (`sms`), and what messengers and phones write. */
const SCHEME = /^(tel|sms|smsto|callto|whatsapp):(\/\/)?/i;
/** WhatsApp's own addresses: a number with its country, and no plus. */
const MESSENGER = /@(s\.whatsapp\.net|c\.us)$/i;
/** Digits first and then letters, as on a keypad (ITU-T E.161): `1-800-FLOWERS`. */
const VANITY = /^\+?[\d\s().-]*\d{3}[\d\s().-]*[a-z](?:[\d\s().-]*[a-z]){2}[a-z\d\s().-]*$/i;
const KEYS = "22233344455566677778889999";

/**
 * A number in E.164 (ITU-T) with its plus, or null when no country has such a number. One that says its country (`+44…`,
 * `0044…`, `tel:`, `whatsapp:`) counts when its length is possible. One that does not is read in `country` (ISO 3166, two
 * letters), or else as one that lacks its plus, and must be a number that is given out there: such a reading is a guess. An
 * extension behind a switchboard is nobody's number. An old form is answered in the one that its country's plan has now.
 */
export function normalisePhone(value: string, country: string | null): string | null {
  const number = readPhone(value, country);
  return number && currentPhone(number);
}

function readPhone(value: string, country: string | null): string | null {
  if (hasPossibleLength(value)) return isOneDigit(value) ? null : value;
  if (value.length > LONGEST) return null;
  const text = digitsOf(visibleText(value));
  if (text === null) return null;
  const number = text.startsWith("+") ? worldwide(text) : (within(text, country) ?? withoutPlus(text));
  return number && !number.ext && !isOneDigit(number.number) ? number.number : null;
}

/** The number alone, without what its scheme adds; null where there is more to dial. */
function digitsOf(stated: string): string | null {
  const scheme = SCHEME.exec(stated)?.[1]?.toLowerCase();
  const [named = "", ...parameters] = stated.replace(SCHEME, "").split(/[;?]/);
  if (parameters.some((one) => /^ext=/i.test(one))) return null;
  const context = parameters.find((one) => /^phone-context=\+\d{1,3}$/i.test(one))?.split("=")[1];
  const isWhole = scheme === "whatsapp" || MESSENGER.test(named);
  const number = named
    .replace(MESSENGER, "")
    .replace(/^\(\s*(\+\s*\d+)\s*\)/, "$1")
    .trim();
  if (context && !number.startsWith("+")) return `${context} ${number}`;
  const dialled = VANITY.test(number) ? onKeypad(number) : number;
  return (isWhole && /^\d/.test(dialled) ? `+${dialled}` : dialled).replace(/^\+\s*0+(?=[1-9])/, "+");
}

/** With a leading 1 it is North America's: no other country writes letters after one. */
const onKeypad = (number: string): string => number.replace(/[a-z]/gi, keyOfLetter).replace(/^1/, "+1");
const keyOfLetter = (letter: string): string => KEYS[letter.toLowerCase().charCodeAt(0) - 97] ?? letter;

function worldwide(text: string): PhoneNumber | undefined {
  const number = parsePhoneNumberFromString(text, { extract: false });
  return number && (number.isPossible() || isOld(number)) ? number : undefined;
}

function within(text: string, country: string | null): PhoneNumber | undefined {
  if (country === null || !isSupportedCountry(country)) return undefined;
  const number = parsePhoneNumberFromString(text, { defaultCountry: country, extract: false });
  return number && (number.isValid() || isOld(number)) ? number : undefined;
}

/** `0044…` dialled from most of the world, or the digits that a spreadsheet left of `+44…`. */
function withoutPlus(text: string): PhoneNumber | undefined {
  const digits = text.replace(/^00/, "");
  if (!/^[1-9]/.test(digits)) return undefined;
  const number = parsePhoneNumberFromString(`+${digits}`, { extract: false });
  return number && (number.isValid() || isOld(number)) ? number : undefined;
}

/** In a form that its country's plan had, and that people and networks still write. */
const isOld = ({ number }: PhoneNumber): boolean => currentPhone(number) !== number;

/** `+1 000 000 0000`, `+49 5555555555`: what is typed to get past a form. */
const isOneDigit = (number: string): boolean => /(\d)\1{8}$/.test(number);

/** Whether it is in E.164 as it stands: reading it anew would cost more than all the rest of a decision. */
function hasPossibleLength(text: string): boolean {
  if (!/^\+[1-9]\d{6,14}$/.test(text)) return false;
  lengths ??= lengthsByCallingCode();
  for (const digits of [1, 2, 3]) {
    const possible = lengths.get(text.slice(1, 1 + digits));
    if (possible) return text[1 + digits] !== "0" && possible.has(text.length - 1 - digits);
  }
  return false;
}

let lengths: Map<string, Set<number>> | null = null;

function lengthsByCallingCode(): Map<string, Set<number>> {
  const known = new Map<string, Set<number>>();
  const metadata = new Metadata();
  for (const country of getCountries() as CountryCode[]) {
    metadata.selectNumberingPlan(country);
    const code = getCountryCallingCode(country);
    known.set(code, new Set([...(known.get(code) ?? []), ...(metadata.numberingPlan?.possibleLengths() ?? [])]));
  }
  return known;
}
