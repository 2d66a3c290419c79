import type { ParsedMail } from "mailparser";

/** Headers by which machines say that no person wrote this mail (RFC 3834, and what came before it). */
const HEADERS: [name: string, says: RegExp][] = [
  ["auto-submitted", /^(?!\s*no\b)/i],
  ["precedence", /bulk|junk|list|auto/i],
  ["x-autoreply", /./],
  ["x-autorespond", /./],
  ["x-autorespond-from", /./],
  ["x-auto-response-suppress", /all|oof|autoreply/i],
  ["x-mail-autoreply", /./],
  ["x-vacation", /./],
  ["list-id", /./],
  ["feedback-id", /./],
];

const SUBJECT =
  /^\s*(\[?auto(matic|mated)?[- ]?(reply|response|answer)|out of (the )?office|ooo\b|vacation|away from|авто(матический )?ответ|вне офиса|нет на (месте|работе)|в отпуске|自动(回复|答复)|自動(回覆|返信)|外出|abwesen|automatische antwort|autoantwort|respuesta autom|fuera de la oficina|r[ée]ponse automatique|absence|risposta automatica|resposta autom)/i;

/** Whether a mail is an auto-reply, a vacation notice or a list's traffic: no answer of a customer. */
export function isAutomatic(mail: ParsedMail): boolean {
  const says = ([name, pattern]: [string, RegExp]) =>
    mail.headerLines.some(({ key, line }) => key === name && pattern.test(line.slice(line.indexOf(":") + 1)));
  return HEADERS.some(says) || SUBJECT.test(mail.subject ?? "");
}
