import { parsePhoneNumberFromString } from "libphonenumber-js";

import { isZone } from "./zone.ts";

/** What is known of where a customer lives. */
export type Whereabouts = {
  /** IANA zone that the customer or the customer's device stated. */
  zone: string | null;
  /** Country of the postal address, ISO 3166 two letters. */
  country: string | null;
  /** E.164. */
  phone: string | null;
};

/**
 * The zones a customer may live in. A stated zone is taken at its word; otherwise it may be any zone of the address's
 * country and of the phone's, and the strictest of them rules (`quietUntil`); `fallback` when nothing at all is known.
 */
export function zonesOf({ zone, country, phone }: Whereabouts, fallback: readonly string[]): readonly string[] {
  if (zone !== null && isZone(zone)) return [zone];
  const countries = new Set([...(country === null ? [] : [country.toUpperCase()]), ...countriesOfPhone(phone)]);
  const zones = new Set([...countries].flatMap(zonesOfCountry));
  return zones.size > 0 ? [...zones] : fallback;
}

function countriesOfPhone(phone: string | null): readonly string[] {
  const number = phone === null ? undefined : parsePhoneNumberFromString(phone);
  if (!number) return [];
  return number.country ? [number.country] : number.getPossibleCountries();
}

/** By the Unicode data that the runtime brings along; none for what is no country. */
function zonesOfCountry(country: string): readonly string[] {
  if (!/^[A-Z]{2}$/.test(country)) return [];
  const zones = new Intl.Locale(`und-${country}`).getTimeZones();
  return zones ? zones.filter(isZone) : [];
}
