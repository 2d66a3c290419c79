import type { ConsentChange, Customer } from "@rapport/contract/api";

export const PURPOSES = ["marketing", "service", "survey", "profiling"] as const satisfies ConsentChange["purpose"][];
export const CHANNELS = ["email", "sms", "voice", "push", "chat"] as const satisfies ConsentChange["channel"][];

export type Stated = Customer["consent"][number];
export type ConsentCell = {
  purpose: ConsentChange["purpose"];
  channel: ConsentChange["channel"];
  stated: Stated | null;
};

/** The matrix row by row. What was said for all channels holds for each that nothing was said of. */
export function consentCells(consent: Customer["consent"]): ConsentCell[][] {
  const find = (purpose: string, channel: string) =>
    consent.find((one) => one.purpose === purpose && one.channel === channel) ?? null;
  return PURPOSES.map((purpose) =>
    CHANNELS.map((channel) => ({ purpose, channel, stated: find(purpose, channel) ?? find(purpose, "*") })),
  );
}
