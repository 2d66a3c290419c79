/** The number in E.164 form (ITU-T E.164: plus, at most fifteen digits, no leading nought), or null for anything else. */
export function onePhoneNumber(text: string): string | null {
  return /^\+[1-9][0-9]{6,14}$/.test(text) ? text : null;
}
