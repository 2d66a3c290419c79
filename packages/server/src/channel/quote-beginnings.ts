/** "On Monday, Anna wrote:" in the languages whose mail programs our customers use. These begin with a word to be known by, so they may go over several lines. */
const OPENINGS = [
  /^\W{0,6}On .{4,300}\bwrote ?:?[\s-]{0,8}$/i,
  /^\W{0,3}Am .{4,300}\bschrieb\b.{0,200}:$/i,
  /^\W{0,3}Le .{4,300}a [ée]crit ?:$/i,
  /^\W{0,3}El .{4,300}escribi[óo] ?:$/i,
  /^\W{0,3}(Il|In data) .{4,300}ha scritto ?:$/i,
  /^\W{0,3}(Em|A) .{4,300}escreveu ?:$/i,
  /^\W{0,3}Op .{4,300}(schreef|het volgende geschreven).{0,200}:$/i,
  /^\W{0,3}(Den|På) .{4,300}skrev.{0,200}:$/i,
  /^\W{0,3}Dnia .{4,300}napisa\S{1,6} ?:$/i,
  /^(пн|вт|ср|чт|пт|сб|вс|нд)[.,].{4,300}:$/i,
  /^\W{0,3}Pada .{4,300}\bmenulis ?:$/i,
  /^\W{0,3}Vào .{4,300}đã viết ?:$/i,
  /^\W{0,6}في .{4,300}(كتب|كتبت|بواسطة).{0,200}:\W{0,3}$/,
  /^.{0,40}को .{4,300}ने लिखा ?:$/,
  /^.{0,40}তারিখে .{4,300}লিখেছেন ?:$/,
];

/** These begin with a name or a date, so they are known on one line only. */
const INTRODUCTIONS = [
  ...OPENINGS,
  /^.{0,300}\b(a écrit|escribió|ha scritto|escreveu|schreef|menulis)\W{0,3}:$/i,
  /^.{0,300}(написал|написала|написал\(а\)|написали|пишет|писал|писала|написав|написала|пише)\W{0,3}:$/i,
  /^.{0,300}(写道|寫道|のメール|님이 작성|\bwrote)\s?[:：]$/i,
  /^.{0,200}\bschrieb am .{4,200}:$/i,
  /^.{0,300}(napisał(\(a\)|a)?|napsala?|kirjoitti|skrev|írta|a scris|şunu yazdı|yazdı|έγραψε)\W{0,3}:$/i,
];

/** By digits of any script. */
const DATE =
  /\b(19|20)\d\d\b|\b\d{1,2}[:.h]\d{2}\b|\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b|\d年|\d日|\d년|\p{Nd}{1,2}[:.]\p{Nd}{2}\b/u;
const ADDRESS = /[^\s<>]{1,64}@[^\s<>]{3,}/;
const ENDS = /([:：]|\bwrote[\s-]{0,8})$/i;

const SAYS_WROTE =
  /\b(wrote|schrieb|a écrit|escribió|ha scritto|escreveu|schreef|skrev|napisał|menulis)\b|написал|писал|пишет|写道|寫道/i;

/** Who is not named in an introduction, and who is spoken to. */
const OF_ONESELF =
  /\b(I|we|you|what|ich|wir|Sie|was|je|nous|vous|yo|nosotros|usted|io|noi|eu|nós)\b|(^|\s)(я|мы|вы|ты|что|как)(?=\s)|我|你|您|私/i;

/** How many lines at this place tell who wrote what follows, and when; 0 when none do. */
export function introductionAt(lines: readonly string[], at: number): number {
  const first = lines[at]?.trim() ?? "";
  if (first === "" || isMarked(first)) return 0;
  let joined = "";
  for (let count = 1; count <= 4; count++) {
    const line = lines[at + count - 1]?.trim() ?? "";
    // A paragraph is not part of an introduction, nor is what is quoted already.
    if (line === "" || (count > 1 && isMarked(line) && !/^>+:$/.test(line)) || joined.length > 400) return 0;
    joined = count === 1 ? line : `${joined} ${line}`;
    const isQuoteNext = isMarked(nextWritten(lines, at + count - 1));
    if (ENDS.test(line) && tells(joined, first, count, isQuoteNext) && !/[.!?]$/.test(joined)) return count;
    // Without its colon it is known by the quote that follows.
    if (isQuoteNext && DATE.test(first) && ADDRESS.test(joined) && SAYS_WROTE.test(joined)) return count;
    if (count === 1 && isQuoteNext && ENDS.test(line) && (DATE.test(line) || ADDRESS.test(line))) return 1;
  }
  return 0;
}

/** Known by its words, or in any language by a date and an address, the date on its first line. */
function tells(joined: string, first: string, count: number, isQuoteNext: boolean): boolean {
  const patterns = count === 1 ? INTRODUCTIONS : OPENINGS;
  // "This is what I wrote:" is a person's own line, unless it names a time or an address, or a quote follows.
  const isOwn = !isQuoteNext && !DATE.test(joined) && !ADDRESS.test(joined) && OF_ONESELF.test(joined);
  if (!isOwn && patterns.some((pattern) => pattern.test(joined))) return true;
  return DATE.test(first) && ADDRESS.test(joined) && /^\W{0,3}[\p{L}\d]/u.test(first);
}

/** Whether a line is marked as quoted: some programs mark by a bar, with which a row of a table also ends. */
export const isMarked = (line: string): boolean => /^\s*([>＞]|\|(?!.*\|\s*$))/.test(line);

/** The first line behind this one that is not blank; nobody leaves more than some blank. */
export const nextWritten = (lines: readonly string[], at: number): string =>
  lines
    .slice(at + 1, at + 20)
    .find((line) => line.trim() !== "")
    ?.trim() ?? "";

const FROM =
  /^\W{0,3}(from|от|від|von|de|da|van|fra|från|lähettäjä|od|feladó|kimden|gönderen|de la|από|发件人|寄件者|寄件人|差出人|보낸 사람|보낸사람)\*?\s?[:：]\W{0,3}\S/i;
const OTHER =
  /^\W{0,3}(sent|date|to|cc|subject|reply-to|message du|отправлено|дата|кому|копия|тема|надіслано|gesendet|datum|an|betreff|kopie|envoyé|date|à|a|copie à|objet|sujet|enviad[oa]( el)?|fecha|data|para|asunto|assunto|inviato|oggetto|verzonden|aan|onderwerp|skickat|till|ämne|sendt|dato|til|emne|lähetetty|päiväys|vastaanottaja|aihe|wysłano|wysłane|do|temat|odesláno|komu|předmět|küldve|címzett|tárgy|gönderildi|gönderme tarihi|tarih|kime|konu|trimis|către|subiect|发送时间|发送日期|日期|收件人|抄送|主题|傳送時間|收件者|主旨|送信日時|日時|宛先|件名|보낸 날짜|받는 사람|받는사람|제목|날짜)\*?\s?[:：]/i;

/** The header of the quoted mail, as Outlook and others write it: who, and two more fields at least. */
export function headerBlockAt(lines: readonly string[], at: number): boolean {
  const [first = "", ...next] = lines.slice(at, at + 7).map((line) => line.trim());
  if (/^_{10,}$/.test(first)) return next.some((line) => FROM.test(line));
  if (!FROM.test(first) && !OTHER.test(first)) return false;
  const block = [first, ...next.slice(0, endOf(next))];
  const fields = block.filter((line) => FROM.test(line) || OTHER.test(line));
  return block.some((line) => FROM.test(line)) && fields.length >= 3;
}

const endOf = (lines: string[]): number => {
  const end = lines.indexOf("");
  return end < 0 ? lines.length : end;
};

/** A rule above a quoted mail, with words for "original message". */
const NAMED =
  /^\s*[-_*=]{2,}\s*(original message|reply message|forwarded message|weitergeleitete nachricht|message transféré|mensaje reenviado|messaggio (inoltrato|originale)|mensagem (encaminhada|original)|doorgestuurd bericht|oorspronkelijk bericht|исходное сообщение|пересылаемое сообщение|пересланное сообщение|ursprüngliche nachricht|original-?nachricht|mensaje original|message d.origine|原始邮件|原始郵件|原邮件|转发邮件|回复邮件|回复的原邮件).{0,40}$/i;
/** The same with any words, where the header of a mail follows. */
const WORDS_IN_A_RULE = /^\s*[-_*=]{3,}\s*\p{L}.{1,50}?\s*[-_*=]{3,}$/u;

/** Apple's words above a mail that is passed on. */
const PASSED_ON =
  /^(begin forwarded message|anfang der weitergeleiteten nachricht|début du message (réexpédié|transféré)|inicio del mensaje reenviado|inizio messaggio inoltrato|início da mensagem (reencaminhada|encaminhada)|begin doorgestuurd bericht|начало переадресованного сообщения|початок переадресованого повідомлення|początek przekazywanej wiadomości|vidarebefordrat brev|videresendt (melding|besked)|下面是被转发的邮件|以下是轉寄的郵件|転送されたメッセージ|전달된 메시지|iletilen ileti)\s{0,2}[:：]$/i;

export function separatorAt(lines: readonly string[], at: number): boolean {
  const line = lines[at]?.trim() ?? "";
  if (NAMED.test(line) || PASSED_ON.test(line)) return true;
  const follows = lines.slice(at + 1, at + 5).map((next) => next.trim());
  return WORDS_IN_A_RULE.test(line) && follows.some((next) => FROM.test(next) || OTHER.test(next));
}
