/** Twilio's error codes (twilio.com/docs/api/errors): numbers that are none, people who opted out, texts it will not carry. */
const BAD_ADDRESS = new Set([21211, 21214, 21217, 21401, 21407, 21421, 21612, 21614, 30003, 30005, 30006]);
const OPTED_OUT = new Set([21610]);
const BLOCKED = new Set([21408, 21635, 30004, 30007]);
const BAD_CONTENT = new Set([21602, 21605, 21617, 21619, 21620]);

/** How compatible providers say 21610 under codes of their own. */
const SAYS_OPTED_OUT =
  /unsubscribed (recipient|number|user)|\bopted[ -]out\b|\bopt[ -]?out list\b|violates a blacklist rule/i;

/** Whether the provider's own list says that this number has opted out. */
export const isOptOutCode = (code: number): boolean => OPTED_OUT.has(code);

/** What a refusal by this code and these words means; null where it says nothing of the message. */
export function refusalByCode(
  code: number,
  message: string,
): "bad-address" | "opted-out" | "blocked" | "content" | null {
  if (isOptOutCode(code) || SAYS_OPTED_OUT.test(message)) return "opted-out";
  if (BAD_ADDRESS.has(code)) return "bad-address";
  if (BLOCKED.has(code)) return "blocked";
  return BAD_CONTENT.has(code) ? "content" : null;
}
