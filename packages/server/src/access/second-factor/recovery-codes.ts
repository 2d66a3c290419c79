import { createHmac, randomInt } from "node:crypto";

const HOW_MANY = 10;
/** Without what is easily taken for something else. */
const LETTERS = "abcdefghjkmnpqrstuvwxyz23456789";

/** Ten codes of 49 bits, `abcde-fghjk`: each gets its holder in once, in place of a code of the app. */
export const newRecoveryCodes = (): string[] =>
  Array.from({ length: HOW_MANY }, () => `${lettersOf(5)}-${lettersOf(5)}`);

const lettersOf = (length: number): string => Array.from({ length }, () => LETTERS[randomInt(LETTERS.length)]).join("");

/** However it was typed: in capitals, with blanks, without the dash. */
export function recoveryCodeHash(hubSecret: string, staffId: string, code: string): Buffer {
  const bare = code.toLowerCase().replace(/[^a-z0-9]/g, "");
  return createHmac("sha256", hubSecret)
    .update(JSON.stringify(["recovery-code", staffId, bare]))
    .digest();
}
