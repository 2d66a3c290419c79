import { smsSegments } from "@rapport/engine/message/sms-segments";

import { isMissing } from "./liquid-leniency.ts";

export type Setting = { locale: string; filter: string; alphabet: "gsm7" | "any" };

/** A value that should be a number and is none: a message with a price that nobody set must not leave. */
export class NoNumber extends Error {
  override name = "NoNumber";
}

const formats = new Map<string, Intl.NumberFormat>();

/**
 * `1234.5` in the customer's locale: `{{ price | money: "EUR" }}`, `{{ gb | number: 1 }}`. In an SMS whose language has its
 * letters in GSM-7, the currency's code stands for a sign that has not. Throws `NoNumber`.
 */
export function formattedNumber(value: unknown, options: Intl.NumberFormatOptions, setting: Setting): string {
  const number = numberOf(value, setting.filter);
  const text = formatOf(setting.locale, options).format(number);
  if (setting.alphabet === "any" || options.style !== "currency" || !isLatin(setting.locale)) return text;
  const plain = text.replace(/[\u00a0\u202f]/g, " ");
  return smsSegments(plain).alphabet === "gsm7"
    ? plain
    : formatOf(setting.locale, { ...options, currencyDisplay: "code" }).format(number);
}

function numberOf(value: unknown, filter: string): number {
  const isNumeric = typeof value === "number" || (typeof value === "string" && /^\s*[+-]?\d+(\.\d+)?\s*$/.test(value));
  const number = isNumeric ? Number(value) : Number.NaN;
  if (Number.isFinite(number)) return number;
  throw new NoNumber(`${filter}: ${isMissing(value) ? "the value is missing" : "the value is no number"}`);
}

const isLatin = (locale: string): boolean => new Intl.Locale(locale).maximize().script === "Latn";

function formatOf(locale: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = JSON.stringify([locale, options]);
  const known = formats.get(key);
  if (known) return known;
  // Templates choose among a handful; a template that makes up formats must not fill the memory.
  if (formats.size >= 200) formats.clear();
  const format = new Intl.NumberFormat(locale, options);
  formats.set(key, format);
  return format;
}
