import { getCountries, isSupportedCountry } from "libphonenumber-js/max";

/** Names that people write and the Unicode data does not say so; codes that others use (EU Interinstitutional Style Guide, 7.1). */
const ALSO: Record<string, string> = {
  UK: "GB",
  EL: "GR",
  USA: "US",
  "U.S.": "US",
  "U.S.A.": "US",
  "UNITED STATES OF AMERICA": "US",
  "GREAT BRITAIN": "GB",
  ENGLAND: "GB",
  SCOTLAND: "GB",
  WALES: "GB",
  HOLLAND: "NL",
};
const LANGUAGES = ["en", "de", "fr", "es", "it", "pt", "nl", "pl"];

/** The country that a text names, by its code (ISO 3166, two letters) or its name in one of eight languages; null for none. */
export function countryNamed(text: string): string | null {
  const name = text.trim().toUpperCase();
  if (isSupportedCountry(name)) return name;
  return ALSO[name] ?? codesByName().get(name) ?? null;
}

let byName: Map<string, string> | null = null;

function codesByName(): Map<string, string> {
  if (byName) return byName;
  byName = new Map();
  for (const language of LANGUAGES) {
    const names = new Intl.DisplayNames([language], { type: "region" });
    for (const code of getCountries()) byName.set((names.of(code) ?? code).toUpperCase(), code);
  }
  return byName;
}

/** The country that an IANA zone lies in, by the Unicode data of the runtime; null for `UTC` and the like. */
export function countryOfZone(zone: string): string | null {
  byZone ??= new Map(
    getCountries().flatMap((code) => zonesOfCountry(code).map((one) => [canonical(one), code] as const)),
  );
  return byZone.get(canonical(zone)) ?? null;
}

let byZone: Map<string, string> | null = null;

/** Zones under the name that the runtime knows them by: `Asia/Kolkata` is `Asia/Calcutta`. */
function canonical(zone: string): string {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone;
  } catch (error) {
    if (error instanceof RangeError) return zone;
    throw error;
  }
}

/** Zones of a country (ISO 3166, two letters); none for what is no country. */
export const zonesOfCountry = (country: string): readonly string[] =>
  UNLISTED[country] ?? new Intl.Locale(`und-${country}`).getTimeZones?.() ?? [];

/** Countries of the telephone that the runtime's Unicode data has no zones for. Kosovo goes by Belgrade's time (tz database, `europe`). */
const UNLISTED: Record<string, string[]> = {
  AC: ["Atlantic/St_Helena"],
  TA: ["Atlantic/St_Helena"],
  XK: ["Europe/Belgrade"],
};
