import type { ParsedMail } from "mailparser";

/**
 * Headers by which machines say that no person wrote this mail (RFC 3834, and what came before it). X-Auto-Response-Suppress
 * is none: it asks for no automatic answer, and servers put it on what people write.
 */
const HEADERS: [name: string, says: RegExp][] = [
  ["auto-submitted", /^(?!\s*no\b)/i],
  ["precedence", /bulk|junk|auto/i],
  ["x-autoreply", /./],
  ["x-autorespond", /./],
  ["x-autorespond-from", /./],
  ["x-mail-autoreply", /./],
  ["x-vacation", /./],
  ["feedback-id", /./],
];
/** RFC 2919, and what mailing lists wrote before it. */
const LIST: [name: string, says: RegExp][] = [
  ["list-id", /./],
  ["precedence", /list/i],
];

const SUBJECT =
  /^\s*(\[?auto(matic|mated)?[- ]?(reply|response|answer)|out of (the )?office|ooo\b|vacation|away from|авто(матический )?ответ|вне офиса|нет на (месте|работе)|в отпуске|自动(回复|答复)|自動(回覆|返信)|外出|abwesen|automatische antwort|autoantwort|respuesta autom|fuera de la oficina|r[ée]ponse automatique|absence|risposta automatica|resposta autom)/i;

/** Whether a mail is an auto-reply or a vacation notice: no answer of a customer. */
export function isAutomatic(mail: ParsedMail): boolean {
  return HEADERS.some((header) => has(mail, header)) || SUBJECT.test(mail.subject ?? "");
}

/** Whether a mail came by a list: a newsletter, or a group such as a mailbox that a company shares. */
export const cameByList = (mail: ParsedMail): boolean => LIST.some((header) => has(mail, header));

const has = (mail: ParsedMail, [name, says]: [string, RegExp]): boolean =>
  mail.headerLines.some(({ key, line }) => key === name && says.test(line.slice(line.indexOf(":") + 1)));
