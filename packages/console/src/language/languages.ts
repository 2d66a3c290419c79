import { en } from "./en/index.ts";
import { ru } from "./ru/index.ts";
import type { Message } from "./words.ts";
import { zh } from "./zh/index.ts";

export type Words = typeof en;
export type Key = keyof Words;
export type Language = "en" | "ru" | "zh";

/** Every language has every message: the compiler sees to the keys, a test to the parameters. */
export const LANGUAGES: Record<Language, { name: string; locale: string; words: Record<Key, Message> }> = {
  en: { name: "English", locale: "en", words: en },
  ru: { name: "Русский", locale: "ru", words: ru },
  zh: { name: "中文", locale: "zh-CN", words: zh },
};

/** What was chosen before, or else the first of the browser's languages that we speak. */
export function firstLanguage(chosen: string | null, wanted: readonly string[]): Language {
  const asked = [chosen ?? "", ...wanted].map((tag) => tag.slice(0, 2).toLowerCase());
  return asked.find(isLanguage) ?? "en";
}

export const isLanguage = (tag: string): tag is Language => Object.hasOwn(LANGUAGES, tag);
