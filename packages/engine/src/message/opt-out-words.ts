/**
 * What a short reply asks of us as a sender. `ambiguous` means: not suppressed, shown to a person; it is never dropped.
 * `word` is the keyword found, upper case, for the record of consent.
 */
export type KeywordReading =
  | { kind: "opt-out"; word: string }
  | { kind: "opt-in"; word: string }
  | { kind: "help"; word: string }
  | { kind: "ambiguous"; word: string }
  | { kind: "none" };

/** 47 CFR 64.1200(a)(10) names the English ones; the others are what carriers honour in those languages. */
const OPT_OUT = words(
  "STOP STOPALL QUIT END REVOKE OPTOUT CANCEL UNSUBSCRIBE",
  "СТОП ОТПИСАТЬСЯ ОТПИСКА ОТПИШИТЕ",
  "退订 退訂 取消订阅 取消訂閱 TD T",
  "STOPP ABMELDEN ABBESTELLEN",
  "ALTO BAJA PARAR CANCELAR",
  "ARRET ARRETER ARRETEZ DESABONNER DESINSCRIRE",
  "停止 配信停止 解除 ストップ",
  "SAIR REMOVER ANULAR",
  "FERMA BASTA DISISCRIVI ANNULLA",
  "REZYGNUJE WYPISZ ODWOLAJ",
  "ВІДПИСАТИСЯ ВІДПИСАТИСЬ ВІДПИСКА",
  "DUR IPTAL RET DURDUR",
  "قف توقف ايقاف إيقاف الغاء إلغاء",
);
const OPT_IN = words("START UNSTOP SUBSCRIBE СТАРТ ПОДПИСАТЬСЯ 恢复订阅 订阅");
const HELP = words("HELP INFO ПОМОЩЬ ИНФО 帮助 幫助 HILFE AYUDA AIDE");

/** Words that may stand around a keyword without changing what it asks. */
const COURTESY = words(
  "PLEASE PLS THANKS THANK YOU NOW ALL EVERYTHING IT THIS THESE ME US TEXTING MESSAGING SENDING CONTACTING TEXTS MESSAGES SMS ALERTS",
  "ПОЖАЛУЙСТА СПАСИБО МНЕ МЕНЯ ВСЕ ВСЁ ВСЕГО СМС СООБЩЕНИЯ РАССЫЛКА РАССЫЛКУ ОТ",
  "请 謝謝 谢谢 回复 回復 回 全部",
  "BITTE DANKE SOFORT POR FAVOR GRACIAS S IL VOUS PLAIT SVP MERCI ME SE DARSE DE",
);

/** Too common inside ordinary sentences to trouble a person with ("by the end of the month"). */
const ONLY_ALONE = words("END T TD BAJA ALTO SAIR FERMA BASTA DUR RET 停止 解除 قف توقف");

/**
 * Reads a reply to a message. The rule: it opts out when every word of it is an opt-out word or a courtesy; when an
 * opt-out word stands among others ("stop by the shop", "do not stop") a person decides. Consent is given again only
 * by its keyword alone. Case, width, accents and punctuation do not matter.
 */
export function readKeyword(text: string): KeywordReading {
  const said = normalised(text);
  const [first] = said;
  if (first === undefined) return { kind: "none" };
  if (said.length === 1 && OPT_IN.has(first)) return { kind: "opt-in", word: first };

  const rest = said.filter((word) => !COURTESY.has(word));
  const optOut = rest.find((word) => OPT_OUT.has(word));
  if (optOut !== undefined && rest.every((word) => OPT_OUT.has(word))) return { kind: "opt-out", word: optOut };

  const [asked] = rest;
  if (rest.length === 1 && asked !== undefined && HELP.has(asked)) return { kind: "help", word: asked };

  const among = rest.find((word) => OPT_OUT.has(word) && !ONLY_ALONE.has(word));
  return among === undefined ? { kind: "none" } : { kind: "ambiguous", word: among };
}

function words(...lines: string[]): Set<string> {
  return new Set(lines.flatMap((line) => line.split(" ")));
}

/** "All" in the languages of the words above. */
const ALL = words("ALL STOPALL EVERYTHING ВСЕ ВСЁ ВСЕГО 全部 ALLES TODO TOUT");

/** Whether an opt-out asks for every kind of message to stop: "STOP ALL". */
export const wantsAllStopped = (text: string): boolean =>
  readKeyword(text).kind === "opt-out" && normalised(text).some((word) => ALL.has(word));

/** Nobody opts out in more than a few words; what follows only decides whether the text is ambiguous. */
const ENOUGH = 2_000;

function normalised(text: string): string[] {
  const upper = text.slice(0, ENOUGH).normalize("NFKD").toUpperCase();
  // Accents are dropped from Latin letters alone: Й without its breve would be another letter.
  const plain = upper.replace(/(?<=[A-Z])\p{M}+/gu, "").normalize("NFC");
  return plain
    .replace(/\bOPT[\s-]+OUT\b/g, "OPTOUT")
    .replace(/['’]/g, " ")
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .replace(/(退订|退訂|取消订阅|取消訂閱|请|谢谢|謝謝|回复|回復|回)/g, " $1 ")
    .split(" ")
    .filter((word) => word !== "");
}
