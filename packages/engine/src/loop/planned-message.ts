import type { ContactChannel, Purpose } from "../profile/index.ts";

/** A message that a decision calls for: to be rendered and handed off not before `sendAt`. */
export type PlannedMessage = {
  messageId: string;
  /** Null for what the hub says by itself: the answer to a keyword. */
  decisionId: string | null;
  /** The policy whose contact rules are asked again at the moment of sending; null: the company's own. */
  policy: string | null;
  mustSend: boolean;
  channel: ContactChannel;
  purpose: Purpose;
  lane: number;
  address: string;
  template: string;
  locale: string;
  sendAt: number;
  /** Nobody wants it after this. */
  expiresAt: number;
  /** What the template may say. */
  variables: Record<string, unknown>;
  household: string | null;
};

/** Ids are made from what caused them, so that doing the same again makes nothing new. */
export type IdOf = (...parts: string[]) => string;
