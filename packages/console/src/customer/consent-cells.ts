import type { ConsentChange, Customer } from "@rapport/contract/api";

export const PURPOSES = ["marketing", "service", "survey", "profiling"] as const satisfies ConsentChange["purpose"][];
export const CHANNELS = ["email", "sms", "voice", "push", "chat"] as const satisfies ConsentChange["channel"][];

export type Stated = Customer["consent"][number];
export type ConsentCell = {
  purpose: ConsentChange["purpose"];
  channel: ConsentChange["channel"];
  /** `granted` and `withdrawn` were said; the others are the rule's default, where nothing was. */
  status: "granted" | "withdrawn" | "allowed" | "barred";
  /** What the customer said, when that is what holds. */
  stated: Stated | null;
  /** Where the rule's default comes from; null when no rule speaks of the purpose. */
  source: string | null;
};

/** The matrix row by row, as it holds now. */
export function consentCells({ consent, consentNow }: Pick<Customer, "consent" | "consentNow">): ConsentCell[][] {
  return PURPOSES.map((purpose) =>
    CHANNELS.map((channel) => {
      const now = consentNow.find((one) => one.purpose === purpose && one.channel === channel);
      const stated = consent.find((one) => `${one.purpose}/${one.channel}` === now?.said) ?? null;
      const may = now?.may ?? false;
      const status = stated ? (may ? "granted" : "withdrawn") : may ? "allowed" : "barred";
      return { purpose, channel, status, stated, source: now?.source ?? null };
    }),
  );
}
