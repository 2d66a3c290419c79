import { readAnswer } from "@rapport/engine/message/answer-words";
import { readKeyword } from "@rapport/engine/message/opt-out-words";

/** RFC 3676, 4.3: what a mail program puts above a signature. People type the rest, between sections, too. */
const BY_PROGRAM = /^-- $/;
const BY_HAND = /^(--|[—–]{1,10}|_{2,80})[ \t]{0,3}$/;

/** What a telephone or a program writes under a mail by itself. */
const SENT_FROM =
  /^[*_]{0,2}(sent (from|with|via|by) |get outlook for |отправлено (с|из|через) |надіслано (з|із) |gesendet (von|mit|über) |von meinem .{3,20} gesendet|diese nachricht wurde von .{3,60} gesendet|envoyé (de|depuis|à partir|avec) |enviado (desde|do|de|con|com) (mi|meu|el|o|outlook|correo|yahoo|\w*phone|mail|gmail)|inviato (da|dal|con) |verzonden (vanaf|met|vanuit) |verstuurd (vanaf|met) |skickat från |sendt fra |lähetetty .{2,30}(sta|stä|lta|ltä)\W?$|wysłan[eo] (z|ze) |odesláno z|odoslané z|trimis de pe |küldve a |dikirim dari |được gửi từ |أرسلت من |تم الإرسال من |मेरे .{1,30} से भेजा|.{2,30}dan gönderildi|发自我?的?|傳送自|从我的.{1,20}发送|.{1,20}から送信|나의 .{1,20}에서 보냄)/i;
/** What such a line names. Without a device or a program in it, a person speaks of something that was sent. */
const DEVICE =
  /phone|\bi?pad\b|ipod|droid|mobil|móvil|handy\b|tablet|e?mail|outlook|galaxy|samsung|blackberry|windows|nokia|huawei|xiaomi|redmi|oppo|pixel|motorola|sony|device|gerät|appareil|dispositivo|cellulare|celular|telef|téléph|телефон|смартфон|планшет|устройств|пристро|айфон|почт|пошт|手机|裝置|装置|设备|apple|\bwatch\b|\bmac|yahoo|hotmail|\bmsn\b|proton|thunderbird|\bapp\b|typeapp|jolla|cihaz|urządz|puhel|laite|حمول|هاتف|جوال|फ़ोन|फोन|điện thoại|スマート|ケータイ|휴대/i;
/** A make that we do not know is written with a capital letter. */
const OF_A_MAKE = / (my|meinem|mon|mi|meu|mio|mijn|min|moim|моего|мого) (\S{1,20} )?\p{Lu}/u;
/** And where it goes on, it is a sentence: a comma, a second sentence, a time that is past, a verb. */
const GOES_ON =
  /[,;]|[.!?]\s+\p{L}|\b(last|yesterday|today|tomorrow|ago|week|month|already|but|because|never|please|which|was|were|is|has|have|did|does|can|will|would|should|and|gestern|heute|woche|aber|weil|bitte|ist|war|hier|semaine|mais|ayer|hoy|semana|pero|вчера|сегодня|недел\p{L}|но|потому|было)\b/iu;
const LONGEST_SENT_FROM = 100;
const CJK = /[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/u;

/** A name under a text, a dash before it and nothing behind: "-Abhishek Kona". */
const DASHED_NAME = /^-\p{Lu}\p{L}+( \p{Lu}\p{L}+){1,2}$/u;

const MOST_LINES = 10;
const LONGEST_LINE = 90;
/** Three words and a full stop. Lines of a signature name, and seldom say. */
const SENTENCE =
  /\p{L}+[ ,].{0,80}\p{L}+[ ,].{0,200}[\p{L}\d)"”»][.!?…。！？]+["”»)]?$|[\p{Script=Han}\p{Script=Hiragana}]{4,}[。！？]/u;

/** A company's name with its full stop, and what lawyers put under everything. */
const NO_SENTENCE =
  /\b(inc|ltd|co|corp|llc|jr|sr|bros|s\.a|s\.l|e\.v|s\.r\.o)\.$|confidential|intended (solely|only)|privileged|disclaimer|vertraulich|confidentiel|riservat|конфиденциальн|vertrouwelijk|保密/i;

/** At which line a signature begins, or the number of lines without one. */
export function signatureAt(lines: readonly string[]): number {
  const end = lines.findIndex((line, at) => {
    const below = lines.slice(at + 1);
    if (BY_PROGRAM.test(line)) return !below.some(asksOrAnswers);
    return BY_HAND.test(line) ? isSignature(below) : isSentFrom(line.trim()) && !below.some(isSentence);
  });
  const own = end < 0 ? lines : lines.slice(0, end);
  const last = own.findLastIndex((line) => line.trim() !== "");
  return last >= 2 && DASHED_NAME.test(own[last]?.trimEnd() ?? "") ? last : own.length;
}

/** Few short lines that say nothing: a name, a place, a number. What asks to stop, or answers, is never one of them. */
function isSignature(below: readonly string[]): boolean {
  const written = below.map((line) => line.trim()).filter((line) => line !== "");
  return (
    written.length <= MOST_LINES &&
    written.every((line) => line.length <= LONGEST_LINE || NO_SENTENCE.test(line) || isSentFrom(line)) &&
    !written.some((line) => isSentence(line))
  );
}

const isSentence = (line: string): boolean =>
  asksOrAnswers(line) || (SENTENCE.test(line) && !NO_SENTENCE.test(line) && !isSentFrom(line.trim()));

const asksOrAnswers = (line: string): boolean =>
  line.length <= LONGEST_LINE &&
  line.trim() !== "" &&
  (readKeyword(line).kind === "opt-out" || readAnswer(line) !== null);

function isSentFrom(line: string): boolean {
  if (line.length > LONGEST_SENT_FROM || !SENT_FROM.test(line)) return false;
  return CJK.test(line) || ((DEVICE.test(line) || OF_A_MAKE.test(line)) && !GOES_ON.test(line));
}
