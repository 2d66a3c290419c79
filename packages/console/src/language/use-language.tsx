import type { Title } from "@rapport/contract/api";
import { createContext, type ReactNode, use, useEffect, useMemo, useState } from "react";

import { type Formats, formatsOf } from "./formats.ts";
import { firstLanguage, type Key, LANGUAGES, type Language, type Words } from "./languages.ts";
import { fill, type GivenFor, type Message } from "./words.ts";

/** The message of a key in the chosen language; its parameters are checked by the compiler. */
export type Tell = <K extends Key>(key: K, ...given: GivenFor<Words[K]>) => string;

/** The message of a code that the hub gave (a status, a channel, a reason); null when we have no words for it. */
export type Say = (key: string, given?: Readonly<Record<string, string | number>>) => string | null;

export type Spoken = {
  language: Language;
  locale: string;
  speak: (language: Language) => void;
  t: Tell;
  say: Say;
  /** A title in this language; in English, or else by its only words, where it has none. */
  titled: (title: Title) => string;
  format: Formats;
};

const Speech = createContext<Spoken | null>(null);
const CHOSEN = "rapport-language";

/** Gives all below it the language, with its words and its way of writing numbers and dates. */
export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState(() => firstLanguage(localStorage.getItem(CHOSEN), navigator.languages));
  const spoken = useMemo((): Spoken => {
    const { locale } = LANGUAGES[language];
    return {
      language,
      locale,
      t: tellIn(language),
      say: sayIn(language),
      titled: (title) => title[language] ?? title.en ?? Object.values(title)[0] ?? "",
      format: formatsOf(locale),
      speak: (chosen) => {
        localStorage.setItem(CHOSEN, chosen);
        setLanguage(chosen);
      },
    };
  }, [language]);
  useEffect(() => {
    document.documentElement.lang = LANGUAGES[language].locale;
  }, [language]);
  return <Speech value={spoken}>{children}</Speech>;
}

/** The words and formats of the language that was chosen. */
export function useLanguage(): Spoken {
  const spoken = use(Speech);
  if (!spoken) throw new Error("useLanguage is for what stands inside LanguageProvider");
  return spoken;
}

function tellIn(language: Language): Tell {
  const { locale, words } = LANGUAGES[language];
  return (key, ...given) => fill(words[key], given[0] ?? {}, locale);
}

function sayIn(language: Language): Say {
  const { locale, words } = LANGUAGES[language];
  const known: Readonly<Record<string, Message>> = words;
  return (key, given = {}) => (Object.hasOwn(known, key) ? fill(known[key] as Message, given, locale) : null);
}
