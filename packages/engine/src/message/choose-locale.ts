/**
 * Chooses among the locales that a text exists in (RFC 4647 lookup): for each wanted tag in turn the exact one, then
 * shorter ones (`de-AT`, `de`), then any of the same language and script (`zh-TW` takes `zh-Hant`, never `zh-Hans`);
 * the first available one when nothing fits. `wanted`: the customer's locales, then the company's fallbacks.
 */
export function chooseLocale(wanted: readonly string[], available: readonly string[]): string | null {
  for (const tag of wanted) {
    const found = exactOrShorter(tag, available) ?? sameWriting(tag, available);
    if (found !== null) return found;
  }
  return available[0] ?? null;
}

function exactOrShorter(tag: string, available: readonly string[]): string | null {
  const parts = tag.replaceAll("_", "-").toLowerCase().split("-");
  for (; parts.length > 0; parts.pop()) {
    const found = available.find((one) => one.toLowerCase() === parts.join("-"));
    if (found !== undefined && (parts.length > 1 || writingOf(found) === writingOf(tag))) return found;
  }
  return null;
}

function sameWriting(tag: string, available: readonly string[]): string | null {
  const writing = writingOf(tag);
  return writing === null ? null : (available.find((one) => writingOf(one) === writing) ?? null);
}

/** Language and likely script, such as `zh-Hant`; null for what is no locale. */
function writingOf(tag: string): string | null {
  try {
    const { language, script } = new Intl.Locale(tag.replaceAll("_", "-")).maximize();
    return `${language}-${script}`;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
