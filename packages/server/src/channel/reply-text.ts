/** "On Monday, Anna wrote:" in the languages whose mail programs our customers use. These begin with a word to be known by, so they may go over several lines. */
const OPENINGS = [
  /^\W{0,3}On .{4,300}\bwrote ?:$/i,
  /^\W{0,3}Am .{4,300}\bschrieb\b.{0,200}:$/i,
  /^\W{0,3}Le .{4,300}a [ée]crit ?:$/i,
  /^\W{0,3}El .{4,300}escribi[óo] ?:$/i,
  /^\W{0,3}Il .{4,300}ha scritto ?:$/i,
  /^\W{0,3}(Em|A) .{4,300}escreveu ?:$/i,
  /^\W{0,3}Op .{4,300}(schreef|het volgende geschreven).{0,200}:$/i,
  /^\W{0,3}(Den|På) .{4,300}skrev.{0,200}:$/i,
  /^(пн|вт|ср|чт|пт|сб|вс)[.,].{4,300}:$/i,
];

/** These begin with a name or a date, so they are known on one line only. */
const INTRODUCTIONS = [
  ...OPENINGS,
  /^.{0,300}(написал|написала|написал\(а\)|написали|пишет|писал|писала)\W{0,3}:$/i,
  /^\d{1,2}[. ]\S{2,10}[. ]\d{4}.{0,200}(<|&lt;)\S+@\S+(>|&gt;).{0,20}:$/,
  /^.{0,300}(写道|寫道|のメール|\bwrote)\s?[:：]$/i,
  /^.{0,200}\bschrieb am .{4,200}:$/i,
  /^.{0,300}napisał(\(a\)|a)?\W{0,3}:$/i,
];

/** A rule above a quoted mail. */
const SEPARATOR =
  /^\s*[-_*=]{2,}\s*(original message|reply message|forwarded message|исходное сообщение|пересылаемое сообщение|пересланное сообщение|ursprüngliche nachricht|original-?nachricht|mensaje original|message d.origine|原始邮件|原始郵件|原邮件|转发邮件|回复邮件|回复的原邮件).{0,40}$/i;
const FROM_FIELD = /^\W{0,3}(from|от|von|de|da|van|发件人|寄件者|差出人|från)\W{0,3}[:：]\s?\S/i;
const OTHER_FIELD =
  /^\W{0,3}(sent|date|to|subject|отправлено|дата|кому|тема|gesendet|datum|an|betreff|envoyé|date|à|objet|enviado|fecha|para|asunto|发送时间|发送日期|日期|收件人|主题|傳送時間|收件者|主旨|skickat|till|ämne)\W{0,3}[:：]/i;
const RULE = /^_{10,}$/;

const SIGNATURE = /^(-- ?|—|__+)$/;
const SENT_FROM =
  /^(sent (from|with|via) |get outlook for |отправлено (с|из) |отправлено через |gesendet (von|mit|über) |von meinem .{3,20} gesendet|envoyé (de|depuis) |enviado (desde|do) |发自我?的?|傳送自|从我的.{1,20}发送)/i;

const LONGEST = 100_000;

/** What a person wrote above, between or below the quoted mail; quotes, introductions and signatures are left out. */
export function replyText(mailText: string): string {
  const lines = mailText.slice(0, LONGEST).replace(/\r\n?/g, "\n").split("\n");
  const start = lines.findIndex((_, index) => quoteStartsAt(lines, index));
  const above = written(start < 0 ? lines : lines.slice(0, start));
  return above !== "" || start < 0 ? above : written(belowQuote(lines.slice(start)));
}

function written(lines: string[]): string {
  const end = lines.findIndex((line) => SIGNATURE.test(line) || SENT_FROM.test(line.trim()));
  const own = (end < 0 ? lines : lines.slice(0, end)).filter((line) => !line.trimStart().startsWith(">"));
  return own
    .join("\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}

/** An answer written under what it answers: what is left when the introduction and the quote are gone. */
function belowQuote(lines: string[]): string[] {
  const last = lines.findLastIndex((line) => line.trimStart().startsWith(">"));
  return last < 0 ? [] : lines.slice(last + 1);
}

function quoteStartsAt(lines: string[], index: number): boolean {
  const line = (lines[index] ?? "").trim();
  if (line === "") return false;
  return SEPARATOR.test(line) || isIntroduction(lines, index) || isHeaderBlock(lines, index);
}

function isIntroduction(lines: string[], index: number): boolean {
  const joined = (count: number) =>
    lines
      .slice(index, index + count)
      .map((line) => line.trim())
      .join(" ")
      .slice(0, 600);
  return fits(INTRODUCTIONS, joined(1)) || fits(OPENINGS, joined(2)) || fits(OPENINGS, joined(3));
}

const fits = (patterns: RegExp[], text: string): boolean => patterns.some((pattern) => pattern.test(text));

function isHeaderBlock(lines: string[], index: number): boolean {
  const [first = "", ...next] = lines.slice(index, index + 6).map((line) => line.trim());
  if (RULE.test(first)) return next.some((line) => FROM_FIELD.test(line));
  return FROM_FIELD.test(first) && next.filter((line) => OTHER_FIELD.test(line)).length >= 2;
}
