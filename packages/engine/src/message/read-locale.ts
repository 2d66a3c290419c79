const languages = new Intl.DisplayNames(["en"], { type: "language", fallback: "none" });

/**
 * A language tag (BCP 47) of what systems write for one: `de_DE`, `DE`, `zh_TW.UTF-8`, `de-DE,de;q=0.9`; null for what names
 * no language. Two letters that name a country and no language are what is spoken most there (`US`; CLDR, likely subtags).
 */
export function readLocale(stated: unknown): string | null {
  if (typeof stated !== "string" || stated.length > 100) return null;
  const tag = (stated.split(/[,;.@]/, 1)[0] ?? "").trim().replaceAll("_", "-");
  if (!/^[a-z]{2,3}(-[a-z0-9]{2,8})*$/i.test(tag)) return null;
  try {
    const locale = new Intl.Locale(tag);
    if (languages.of(locale.language) !== undefined) return locale.toString();
    return /^[a-z]{2}$/i.test(tag) ? spokenIn(tag) : null;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function spokenIn(country: string): string | null {
  const { language, region } = new Intl.Locale(`und-${country}`).maximize();
  return language === "und" || languages.of(language) === undefined ? null : `${language}-${region}`;
}
