/** A contact older than this before the newest one no longer counts against any budget, and nothing is learned from it. */
export const LEDGER_MS = 62 * 86_400_000;
