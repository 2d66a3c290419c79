import type { Pdu } from "smpp";

/** What the network tells of a message it took. `pending` is news, not an end. */
export type SmppReceipt = {
  providerId: string;
  status: "delivered" | "failed" | "pending";
  reason: string | null;
  isOptedOut: boolean;
};

/** SMPP 3.4, 5.3.2.35, in the order of its numbers. */
const STATES = [
  "SCHEDULED",
  "ENROUTE",
  "DELIVRD",
  "EXPIRED",
  "DELETED",
  "UNDELIV",
  "ACCEPTD",
  "UNKNOWN",
  "REJECTD",
  "SKIPPED",
];
/** The standard's words (appendix B), and how gateways write them out. What is neither is news of the way. */
const DELIVERED = /^(DELIV(E?RE?D|)|READ|SEEN|DISPLAYED)$/;
const FAILED =
  /^(EXPIRED|DELETED|UN-?DELIV(E?RE?D|ERABLE|)|(NOT|NON)[_-]?DELIVERED|REJ(ECTE?D|)|FAIL(ED|URE|)|DELIVERY_?FAILED|ERROR|BLOCKED|CANCELL?ED|BARRED|ABSENT|INVALID|DROPPED|ABORTED)$/;
/** What gateways say of a number that their own list holds. */
const OPTED_OUT = /^(OPT(ED)?[_-]?OUT|UNSUB(SCRIBED)?|STOPPED|BLACKLIST(ED)?)$/;

/** Bits 2 to 5 of esm_class say what a deliver_sm is: 1 a delivery receipt, 8 an intermediate notification. */
const KIND = 0x3c;
const RECEIPT = 0x04;
const INTERMEDIATE = 0x20;

/** A receipt's text (appendix B) by its beginning and its state: no person writes both. */
const WRITTEN = /^\s*id:\S*\s+sub:\d.*\bstat:[A-Z_-]+|^\s*id:\S+\s.*\bdone date:\s*\d.*\bstat:[A-Z_-]+/is;

export const isWrittenReceipt = (text: string): boolean => WRITTEN.test(text.slice(0, 1_000));

/** Whether a deliver_sm tells of a message of ours: by its esm_class, its parameters, or, where a centre sets neither, its text. */
export const isReceipt = (pdu: Pdu, text: string): boolean =>
  [RECEIPT, INTERMEDIATE].includes(pdu.esm_class & KIND) ||
  pdu.receipted_message_id !== undefined ||
  isWrittenReceipt(text);

/** The receipt that a deliver_sm carries, by its TLVs or else by its text; null when it names no message. */
export function readReceipt(pdu: Pdu, text: string): SmppReceipt | null {
  const providerId = cString(pdu.receipted_message_id) ?? text.match(/\bid:\s*((?!sub:)[^\s]+)/i)?.[1];
  const word = text.match(/\bstat(?:us)?:\s*([A-Z_-]+)/i)?.[1]?.toUpperCase();
  const state = STATES[pdu.message_state ?? -1] ?? word ?? "UNKNOWN";
  if (providerId === undefined) return null;

  const error = text.match(/\berr:\s*([^\s]+)/i)?.[1];
  if (DELIVERED.test(state)) return { providerId, status: "delivered", reason: null, isOptedOut: false };
  const isOptedOut = OPTED_OUT.test(word ?? "");
  const status = isOptedOut || FAILED.test(state) ? "failed" : "pending";
  return { providerId, status, reason: error ? `${state} ${error}` : state, isOptedOut };
}

/** Some centres count the closing null into the value's length, and send it. */
function cString(value: string | undefined): string | undefined {
  const text = value?.replace(/\0.*$/s, "");
  return text === "" ? undefined : text;
}
