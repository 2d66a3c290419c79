/** What a short answer to an offer says. Digits are the keys that messages name: 1 for yes, 2 for no. */
export type Answer = "yes" | "no" | null;

const YES = new Set(
  "1 yes y yeah yep ok okay sure accept agree да ага хорошо согласен согласна подключить 是 好 好的 可以 同意 要 ja sí si oui".split(
    " ",
  ),
);
const NO = new Set("2 no n nope not нет не 不 不要 不用 nein non".split(" "));

/**
 * Reads a plain acceptance or refusal: the first word decides when the rest is short ("yes please"). A longer text is for
 * a person to read and answers null.
 */
export function readAnswer(text: string): Answer {
  const words = text
    .slice(0, 200)
    .trim()
    .toLowerCase()
    .split(/[\s.,!?;:。，！？]+/u)
    .filter((word) => word.length > 0);
  const [first] = words;
  if (first === undefined || words.length > 4) return null;
  if (NO.has(first)) return "no";
  return YES.has(first) ? "yes" : null;
}
