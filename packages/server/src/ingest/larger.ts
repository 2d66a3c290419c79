import { DEEPEST, isTooDeep } from "./nesting.ts";

/** Whether a call takes more than `most` bytes as JSON. One too deep to be written out is left to who reads it. */
export const isLarger = (call: unknown, most: number): boolean =>
  !isTooDeep(call, DEEPEST) && Buffer.byteLength(JSON.stringify(call) ?? "") > most;

export const tooLargeReason = (most: number): string => `is larger than it may be: at most ${most} bytes`;
