import {
  type CountryCode,
  getCountries,
  getCountryCallingCode,
  type NumberType,
  parsePhoneNumberFromString,
} from "libphonenumber-js/max";

import { zonesOfCountry } from "./country.ts";
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
 * An area code narrows nothing: people keep their mobile numbers when they move.
 */
export function zonesOf({ zone, country, phone }: Whereabouts, fallback: readonly string[]): readonly string[] {
  if (zone !== null && isZone(zone)) return [zone];
  const countries = [...(country === null ? [] : [country.toUpperCase()]), ...countriesOfPhone(phone)];
  const zones = zonesOfCountries(countries.join());
  return zones.length > 0 ? zones : fallback;
}

const OF_A_PLACE: ReadonlySet<NumberType | undefined> = new Set(["FIXED_LINE", "MOBILE", "FIXED_LINE_OR_MOBILE"]);

/** One country as a rule. A number of no place (free of charge, personal, by Internet) may be any of its calling code's. */
function countriesOfPhone(phone: string | null): readonly string[] {
  const number = phone === null ? undefined : parsePhoneNumberFromString(phone);
  if (!number) return [];
  return number.country && OF_A_PLACE.has(number.getType())
    ? [number.country]
    : (countriesByCallingCode().get(number.countryCallingCode) ?? []);
}

let byCallingCode: Map<string, CountryCode[]> | null = null;

function countriesByCallingCode(): Map<string, CountryCode[]> {
  byCallingCode ??= Map.groupBy(getCountries(), (country) => getCountryCallingCode(country));
  return byCallingCode;
}

const zonesByCountries = new Map<string, readonly string[]>();

/** By the Unicode data that the runtime brings along; none for what is no country. */
function zonesOfCountries(countries: string): readonly string[] {
  const known = zonesByCountries.get(countries);
  if (known) return known;
  const zones = new Set(
    countries
      .split(",")
      .filter((country) => /^[A-Z]{2}$/.test(country))
      .flatMap((country) => zonesOfCountry(country).filter(isZone)),
  );
  zonesByCountries.set(countries, [...zones]);
  return [...zones];
}
