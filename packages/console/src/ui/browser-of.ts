/** In this order: each browser also names those it wants to be taken for. */
const BROWSERS: readonly [sign: RegExp, name: string][] = [
  [/\bEdgA?\//, "Edge"],
  [/\bOPR\//, "Opera"],
  [/\bFirefox\/|\bFxiOS\//, "Firefox"],
  [/Chrome\/|\bCriOS\/|\bChromium\//, "Chrome"],
  [/\bSafari\//, "Safari"],
  [/^curl\//, "curl"],
];
const SYSTEMS: readonly [sign: RegExp, name: string][] = [
  [/Windows/, "Windows"],
  [/Android/, "Android"],
  [/iPhone|iPad/, "iOS"],
  [/Macintosh|Mac OS X/, "macOS"],
  [/CrOS/, "ChromeOS"],
  [/Linux/, "Linux"],
];

/** What a User-Agent header says, in the words that people know; null where it says nothing that we know. */
export function browserOf(userAgent: string | null): { browser: string; system: string | null } | null {
  const nameIn = (of: typeof BROWSERS) => of.find(([sign]) => sign.test(userAgent ?? ""))?.[1] ?? null;
  const browser = nameIn(BROWSERS);
  return browser ? { browser, system: nameIn(SYSTEMS) } : null;
}
