/** At which command of SMTP (RFC 5321) a letter was refused: what an unknown user means depends on it. */
export type SmtpPhase = "connect" | "mail" | "rcpt" | "data";

/** How the mail systems write it: Postfix, Exim, qmail, sendmail, Exchange, DragonFly, Yahoo, 1&1 and others. */
const PHASES: [phase: SmtpPhase, pattern: RegExp][] = [
  [
    "data",
    /in reply to (the )?(end of )?DATA\b|after (pipelined )?(end of data|sending data block|DATA\b)|failed after I sent the message|for (TEXT|DATA) command|\[(DATA|BODY|END_OF_DATA)\]|\(DATA\)|error following DATA|did not like our DATA|end of message data/i,
  ],
  [
    "rcpt",
    /in reply to (the )?RCPT\b|after (pipelined )?RCPT\b|does not like recipient|for RCPT TO command|\[RCPT_TO\]|\(RCPT( TO)?\)|error following RCPT|did not like our RCPT|rejected recipient/i,
  ],
  [
    "mail",
    /in reply to (the )?MAIL\b|after (pipelined )?MAIL\b|but sender was rejected|for MAIL FROM command|\[MAIL_FROM\]|\(MAIL( FROM)?\)|error following MAIL|did not like our MAIL/i,
  ],
  [
    "connect",
    /in reply to (the )?(initial server greeting|EHLO|HELO|STARTTLS|end of banner)|while performing the (EHLO|HELO|initial protocol) handshake|after (initial connection|EHLO|HELO|STARTTLS)|but greeting failed|but my name was rejected|\[(CONNECT|EHLO|HELO)\]|error following (EHLO|HELO|CONNECT)|did not like our (EHLO|HELO)|refused to talk to me/i,
  ],
];

/** The phase that the words of a mail system name, or null. */
export function phaseIn(text: string): SmtpPhase | null {
  const oneLine = text.slice(0, 10_000).replace(/\s+/g, " ");
  return PHASES.find(([, pattern]) => pattern.test(oneLine))?.[0] ?? null;
}

const COMMANDS: [phase: SmtpPhase, pattern: RegExp][] = [
  ["rcpt", /^RCPT\b/i],
  ["mail", /^MAIL\b/i],
  ["data", /^(DATA\b|\.|BDAT\b)/i],
  ["connect", /^(EHLO|HELO|STARTTLS|LHLO)\b/i],
];
/** Said because nobody was left to write to: it follows from another refusal, which answered RCPT although DATA was sent already (RFC 2920). */
const NOBODY_LEFT =
  /^(503|554 (5\.\d\.\d )?(error: )?no valid recipients|\d{3} .{0,12}(need|no valid) (rcpt|recipient))/i;

/** A code of the mailbox or of policy: then it may have been the letter that was refused. */
const NOT_OF_ADDRESS = /^\d{3}[ -][245]\.[27]\./;

export type Refusal = { phase: SmtpPhase | null; line: string };

/**
 * The line of a transcript (">>>" what was said, "<<<" what was answered) that decided: the one that refused the
 * recipient, not those that followed from it. Null without a transcript.
 */
export function refusalIn(text: string): Refusal | null {
  let phase: SmtpPhase | null = null;
  const refusals: Refusal[] = [];
  for (const line of text.slice(0, 50_000).split(/\r?\n/)) {
    const [, arrow, said = ""] = /^[ \t]{0,8}(>>>|<<<)[ \t]{0,4}(.{0,1000})/.exec(line) ?? [];
    if (arrow === ">>>") phase = COMMANDS.find(([, pattern]) => pattern.test(said))?.[0] ?? phase;
    if (arrow !== "<<<" || !/^[45]\d\d/.test(said)) continue;
    const last = refusals.at(-1);
    if (NOBODY_LEFT.test(said)) {
      if (last?.phase === "data" && !NOT_OF_ADDRESS.test(last.line)) last.phase = "rcpt";
      continue;
    }
    if (last !== undefined && last.phase === phase && /^\d{3}-/.test(last.line)) last.line += ` ${said}`;
    else refusals.push({ phase, line: said });
  }
  return refusals.find((one) => one.phase === "rcpt") ?? refusals[0] ?? null;
}
