import type { Language } from "./language.ts";
import { logNormal, pick, type Random } from "./random-of.ts";

/** How one treats what comes. Chances are in 0…1, delays are medians in milliseconds. */
export type Habits = {
  reads: { email: number; sms: number };
  readsAfterMs: { email: number; sms: number };
  /** Of what was read and offers an answer. */
  answers: number;
  answersAfterMs: number;
  /** Of what was read: asks to be left alone. */
  stops: number;
  /** Of mails read: follows a link. */
  clicks: number;
};

const MINUTE = 60_000;

/** Habits differ between people more than between messages: some read all and answer, many read and do nothing. */
export function habitsOf(random: Random): Habits {
  const eagerness = random();
  return {
    reads: { email: 0.35 + 0.5 * eagerness, sms: 0.85 + 0.14 * eagerness },
    readsAfterMs: { email: logNormal(random, 90 * MINUTE, 1), sms: logNormal(random, 4 * MINUTE, 0.8) },
    answers: 0.15 + 0.6 * eagerness ** 2,
    answersAfterMs: logNormal(random, 3 * MINUTE, 0.7),
    stops: random() < 0.1 ? 0.05 : 0.003,
    clicks: 0.05 + 0.25 * eagerness,
  };
}

/** What came to a person, as far as a person sees it. */
export type Received = { channel: "email" | "sms"; text: string; canUnsubscribe: boolean; links: string[] };

/** What the person does about it, and how long after it came. */
export type Reaction =
  | { kind: "ignores" }
  | { kind: "reads"; afterMs: number }
  | { kind: "clicks"; afterMs: number; link: string }
  | { kind: "answers"; afterMs: number; text: string }
  | { kind: "unsubscribes"; afterMs: number }
  | { kind: "stops"; afterMs: number; text: string };

/** What a person does about a message. All of it follows from the dice, so give one of the person and the message. */
export function replyOf(person: { language: Language; habits: Habits }, message: Received, random: Random): Reaction {
  const { habits } = person;
  if (random() >= habits.reads[message.channel]) return { kind: "ignores" };

  const readAfterMs = Math.round(logNormal(random, habits.readsAfterMs[message.channel], 0.9));
  const afterMs = readAfterMs + Math.round(logNormal(random, habits.answersAfterMs, 0.7));
  if (random() < habits.stops)
    return message.canUnsubscribe
      ? { kind: "unsubscribes", afterMs }
      : { kind: "stops", afterMs, text: pick(random, STOP[person.language]) };

  const key = offeredKey(message.text);
  if (key !== null && random() < habits.answers)
    return { kind: "answers", afterMs, text: random() < 0.85 ? key : pick(random, YES[person.language]) };

  const [link] = message.links;
  return link !== undefined && random() < habits.clicks
    ? { kind: "clicks", afterMs, link }
    : { kind: "reads", afterMs: readAfterMs };
}

const STOP: Record<Language, [string, ...string[]]> = {
  en: ["STOP", "Stop please", "unsubscribe"],
  ru: ["СТОП", "Отписаться"],
  zh: ["退订", "TD"],
};
const YES: Record<Language, [string, ...string[]]> = {
  en: ["Yes", "yes please"],
  ru: ["Да", "да, хочу"],
  zh: ["是", "好的"],
};

const OFFER =
  /(?:reply|answer|respond with|text|press|send|ответьте|отправьте|нажмите|пришлите|回复|回覆|发送|按)\s*[:：]?\s*[«"'“「]?\s*(\d(?!\d)|(?:yes|ok|да)(?!\p{L})|是|好)/iu;

/** The key or word that a message offers as the answer, its first where there are several. */
export function offeredKey(text: string): string | null {
  return text.match(OFFER)?.[1] ?? null;
}
