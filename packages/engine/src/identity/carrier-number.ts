import {
  type CountryCode,
  isSupportedCountry,
  type PhoneNumber,
  parsePhoneNumberFromString,
} from "libphonenumber-js/max";

import { currentPhone } from "./phone-forms.ts";

/** How a carrier says that it writes a number (SMPP 3.4, 5.2.5): types of number 1, 2, and all others. */
export type NumberType = "international" | "national" | "unknown";

/**
 * The number of a phone, E.164, as its carrier wrote it to a number of ours in `country`. What is not international, or
 * is not said to be, is that country's, so that 310 of New York is never +31 of the Netherlands; many carriers leave only
 * the plus out, which is seen by the country's own code or where the country has no such number. Short codes, letters
 * and what no reading fits stay as they are.
 */
export function carrierNumber(address: string, type: NumberType, country: string | null): string {
  const text = address.trim();
  const digits = text.replace(/[\s().-]/g, "").replace(/^00(?=[1-9])/, "+");
  if (/^\+[1-9]\d{6,14}$/.test(digits)) return digits;
  if (!/^\d{7,15}$/.test(digits)) return text;

  const abroad = digits.startsWith("0") ? null : readingOf(currentPhone(`+${digits}`), null);
  const home = country === null ? null : readingOf(digits, country);
  const isLikely = (reading: PhoneNumber | null) => reading?.isValid() ?? false;
  if (type === "international") return isLikely(home) && !isLikely(abroad) ? (home?.number ?? text) : `+${digits}`;

  const ofOurCountry = abroad?.country === country ? abroad : null;
  const likely = [ofOurCountry, home, abroad].find(isLikely);
  // A trunk prefix behind a country's code would be an odd number abroad: rather a number at home.
  const isWhole = abroad?.number === currentPhone(`+${digits}`);
  const possible = [home, type === "unknown" && isWhole ? abroad : null].find((reading) => reading?.isPossible());
  return (type === "national" && !isLikely(ofOurCountry) ? (possible ?? likely) : (likely ?? possible))?.number ?? text;
}

/** ISO 3166 of a number in international form, its plus left out or not; null for short codes and letters. */
export function countryOfNumber(number: string): string | null {
  const digits = number.replace(/^\+/, "");
  return /^[1-9]\d{6,14}$/.test(digits) ? (readingOf(`+${digits}`, null)?.country ?? null) : null;
}

function readingOf(digits: string, country: string | null): PhoneNumber | null {
  const defaultCountry: CountryCode | null = country !== null && isSupportedCountry(country) ? country : null;
  return (
    parsePhoneNumberFromString(digits, defaultCountry ? { defaultCountry, extract: false } : { extract: false }) ?? null
  );
}
