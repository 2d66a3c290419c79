import { type BounceReason, isHard } from "./bounce-reason.ts";
import { reasonInMarks, reasonInVagueWords, reasonInWords, isAboutSender, isForNow } from "./bounce-words.ts";
import { decisiveReason, looseReason } from "./enhanced-codes.ts";
import { plainWords } from "./plain-words.ts";
import type { SmtpPhase } from "./smtp-phase.ts";

export type Saying = {
  /** Enhanced status code (RFC 3463), where one is known. */
  status: string | null;
  /** At which command it was said, where that is known. */
  phase: SmtpPhase | null;
};

/**
 * The reason in what a mail server said. The protocol speaks first: a refusal of the connection or of our sender is never
 * the recipient's, a code that means one thing (RFC 3463, RFC 5248) outranks words, and what may pass (4yz; RFC 5321,
 * 4.2.1) leaves an address alive. Then words, then the codes that servers give for anything.
 */
export function reasonOfSaying(said: string, { status, phase }: Saying): BounceReason {
  const text = plainWords(said);
  const words = reasonInMarks(said) ?? reasonInWords(text);
  const code = decisiveReason(status);
  const isSenders = isAboutSender(text);
  if (isSenders || phase === "connect" || phase === "mail") {
    const told = [words, code, looseReason(status)].find((one) => one !== null && !isHard(one));
    return told ?? (isSenders ? "rejected" : "blocked");
  }
  // A full mailbox is somebody's, whatever the code says of it.
  const told =
    (words === "mailbox-full" ? words : code) ??
    words ??
    looseReason(status) ??
    reasonInVagueWords(text) ??
    "undefined";
  if (!isHard(told)) return told;
  if (isForNow(text) || isTransient(said, status)) return told === "host-unknown" ? "network-error" : "system-error";
  // An unknown user after the whole message was heard is a filter that does not want to say so.
  return phase === "data" && code === null && told === "user-unknown" ? "filtered" : told;
}

/** By the server's own reply code, else by the class of the status that a report gives it. */
function isTransient(said: string, status: string | null): boolean {
  const reply = said.slice(0, 4_000).match(/(?<![\w.-])([245])\d\d(?=[ -])/)?.[1];
  return (reply ?? status?.[0]) === "4";
}
