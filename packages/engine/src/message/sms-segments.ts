/** How a text goes over the air: its alphabet and the text of each part, in order. One part needs no header. */
export type SmsSegments = { alphabet: "gsm7" | "ucs2"; parts: string[] };

/** 3GPP TS 23.038, 6.2.1: the basic alphabet (one septet each) and its extension (escape and one more). */
const BASIC = new Set(
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà",
);
const EXTENSION = new Set("\f^{}\\[~]|€");

/** Units of a message alone, and of one part of several: 6 octets of header cost 7 septets, or 3 UCS-2 units (23.040). */
const ROOM = { gsm7: { alone: 160, part: 153 }, ucs2: { alone: 70, part: 67 } };

/**
 * Splits a text as a phone network will: GSM-7 when every character has a place there, UCS-2 otherwise. No part ends
 * within a surrogate pair or between an escape and its character; nothing is lost: the parts joined are the text.
 * `reaches`: which of the characters of GSM-7 the way to the network carries.
 */
export function smsSegments(text: string, reaches: (character: string) => boolean = () => true): SmsSegments {
  const characters = Array.from(text);
  const isPlain = (character: string) => isGsm7(character) && reaches(character);
  const alphabet = characters.every(isPlain) ? "gsm7" : "ucs2";
  const width = alphabet === "gsm7" ? septetsOf : unitsOf;

  const total = characters.reduce((sum, character) => sum + width(character), 0);
  if (total <= ROOM[alphabet].alone) return { alphabet, parts: [text] };
  return { alphabet, parts: filled(characters, width, ROOM[alphabet].part) };
}

/** What is to be known of an SMS before it is sent. */
export type SmsSize = {
  alphabet: SmsSegments["alphabet"];
  parts: number;
  /** Units that still fit into the last part. */
  left: number;
  /** The first five characters that take the whole text out of GSM-7, each once. */
  unlike: string[];
};

export function smsSize(text: string): SmsSize {
  const { alphabet, parts } = smsSegments(text);
  const width = alphabet === "gsm7" ? septetsOf : unitsOf;
  const used = Array.from(parts.at(-1) ?? "").reduce((sum, character) => sum + width(character), 0);
  const room = parts.length === 1 ? ROOM[alphabet].alone : ROOM[alphabet].part;
  const unlike = [...new Set(Array.from(text).filter((character) => !isGsm7(character)))].slice(0, 5);
  return { alphabet, parts: parts.length, left: room - used, unlike };
}

const isGsm7 = (character: string): boolean => BASIC.has(character) || EXTENSION.has(character);
const septetsOf = (character: string): number => (EXTENSION.has(character) ? 2 : 1);
const unitsOf = (character: string): number => character.length;

function filled(characters: string[], width: (character: string) => number, room: number): string[] {
  const parts: string[] = [];
  let part = "";
  let used = 0;
  for (const character of characters) {
    if (used + width(character) > room) {
      parts.push(part);
      part = "";
      used = 0;
    }
    part += character;
    used += width(character);
  }
  return [...parts, part];
}
