import smpp, { type DecodedMessage } from "smpp";

import type { SmsAlphabet } from "../platform/peer-address.ts";

type Alphabet =
  | SmsAlphabet
  | ("bytes" | "ucs2")
  | ("shift_jis" | "iso-8859-5" | "iso-8859-8" | "iso-2022-jp" | "euc-jp" | "euc-kr");

/** SMPP 3.4, 5.2.19. */
const BY_CODING: Readonly<Record<number, Alphabet>> = {
  ...{ 1: "ascii", 2: "bytes", 3: "latin1", 4: "bytes", 5: "shift_jis", 6: "iso-8859-5", 7: "iso-8859-8", 8: "ucs2" },
  ...{ 10: "iso-2022-jp", 13: "euc-jp", 14: "euc-kr" },
};

/** By the groups of the network's own coding (3GPP TS 23.038, 4), which centres pass on: flash messages and the like. */
function alphabetOf(dataCoding: number): Alphabet | undefined {
  if (dataCoding < 0x10) return BY_CODING[dataCoding];
  if (dataCoding < 0x80) return (["gsm7", "bytes", "ucs2"] as const)[(dataCoding >> 2) & 3];
  if (dataCoding >= 0xf0) return dataCoding & 4 ? "bytes" : "gsm7";
  return dataCoding >= 0xe0 ? "ucs2" : "gsm7";
}

/** The text of an SMS by its data_coding; 0, and what means nothing, is in the centre's own alphabet. */
export function textOfSms(message: DecodedMessage | undefined, dataCoding: number, ownAlphabet: SmsAlphabet): string {
  const bytes = bytesOf(message);
  if (bytes === null) return String(message?.message ?? "");
  const alphabet = alphabetOf(dataCoding) ?? ownAlphabet;
  switch (alphabet) {
    case "gsm7":
      return gsm7(bytes, message?.udh ?? []);
    case "ascii":
      return isAscii(bytes) ? bytes.toString("latin1") : gsm7(bytes, message?.udh ?? []);
    case "bytes":
      return utf8(bytes) ?? bytes.toString("latin1");
    case "ucs2":
      return new TextDecoder("utf-16be", { ignoreBOM: true }).decode(bytes);
    case "latin1":
      return bytes.toString("latin1");
    default:
      return new TextDecoder(alphabet).decode(bytes);
  }
}

/** A text as the centre's default alphabet writes it; null where it cannot. */
export function bytesIn(own: SmsAlphabet, text: string): Buffer | null {
  if (own === "gsm7") return smpp.gsmCoder.encode(text, 0);
  const most = own === "ascii" ? 0x7e : 0xff;
  return [...text].every((character) => (character.codePointAt(0) ?? 0) <= most) ? Buffer.from(text, "latin1") : null;
}

/** Centres that call GSM-7 ASCII give themselves away by what is no letter in ASCII. */
const isAscii = (bytes: Buffer): boolean =>
  bytes.every((byte) => byte < 0x7f && (byte >= 0x20 || [9, 10, 13].includes(byte)));

/** Elements of a header that name another table of letters (3GPP TS 23.040, 9.2.3.24.15 and 16). */
const NATIONAL = [0x24, 0x25];

function gsm7(bytes: Buffer, header: readonly Buffer[]): string {
  const table = header.find(([kind = 0]) => NATIONAL.includes(kind))?.[2];
  return smpp.gsmCoder.decode(bytes, table ?? 0);
}

function utf8(bytes: Buffer): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

const bytesOf = (message: DecodedMessage | undefined): Buffer | null =>
  message?.bytes ?? (Buffer.isBuffer(message?.message) ? message.message : null);

/** The library decodes in place, and some alphabets wrongly: it is made to keep the bytes as well. */
const decode = smpp.filters.message.decode;
smpp.filters.message.decode = function (value, isWithoutHeader) {
  const message = decode.call(this, value, isWithoutHeader);
  if (!Buffer.isBuffer(value) || typeof message !== "object" || Buffer.isBuffer(message)) return message;
  return { ...message, bytes: message.udh ? value.subarray(1 + (value[0] ?? 0)) : value };
};
