/** Characters that show nothing (Unicode `Default_Ignorable_Code_Point`, format characters, and the blank of Braille). */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{Cf}\u2800]/gu;
/** The letters, digits and signs of ASCII in the width of Chinese characters. */
const FULL_WIDTH = /[\uff01-\uff5e]/g;
const WIDER_BY = 0xfee0;

/** A text as people see it: without invisible characters, in ordinary width, NFC, without blanks around. */
export const visibleText = (text: string): string =>
  text
    .replace(INVISIBLE, "")
    .replace(FULL_WIDTH, (one) => String.fromCharCode(one.charCodeAt(0) - WIDER_BY))
    .normalize("NFC")
    .trim();

/**
 * Whether a word looks like another: it holds letters of Latin and of a script that looks like it (UTS 39, 5.2, moderately
 * restrictive), or forms that stand for other letters, as those of mathematics do (UAX 15, compatibility).
 */
export function looksLikeAnother(word: string): boolean {
  if (!/[^\p{ASCII}]/u.test(word)) return false;
  const scripts = LOOKING_ALIKE.filter((script) => script.test(word)).length;
  return scripts > 1 || word.normalize("NFKC") !== word;
}

const LOOKING_ALIKE = [
  /\p{Script=Latin}/u,
  /\p{Script=Cyrillic}/u,
  /\p{Script=Greek}/u,
  /\p{Script=Armenian}/u,
  /\p{Script=Cherokee}/u,
];
