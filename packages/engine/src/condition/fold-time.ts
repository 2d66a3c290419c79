const UNITS: Record<string, number> = { w: 604_800_000, d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000, ms: 1 };

/** A constant time of CEL in milliseconds: `duration("1h30m")` (units w, d, h, m, s, ms) or `timestamp(RFC 3339)`. */
export function foldTime(name: "duration" | "timestamp", text: string): number | null {
  return name === "duration" ? durationMs(text) : timestampMs(text);
}

/** Milliseconds of `36h`, `1h30m`, `7d`; null when it is not such a text. */
export function durationMs(text: string): number | null {
  if (!/^-?(\d+(\.\d+)?(ms|[wdhms]))+$/.test(text)) return null;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|[wdhms])/g)) {
    total += Number(amount) * (UNITS[unit ?? ""] ?? 0);
  }
  return text.startsWith("-") ? -total : total;
}

function timestampMs(text: string): number | null {
  try {
    return Temporal.Instant.from(text).epochMilliseconds;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
