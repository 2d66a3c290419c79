import type { Event } from "@rapport/contract/event";
import type { Origin } from "@rapport/contract/origin";

import type { AddressCap } from "./address-cap.ts";
import type { DecisionRecord } from "../decision/index.ts";
import type { ContactChannel, Profile, Purpose } from "../profile/index.ts";

/** A decision with its id. */
export type TakenDecision = { decisionId: string; record: DecisionRecord };

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
  addressCap: AddressCap | null;
};

/** What one customer's events came to: all of it to be kept in one transaction, or none. */
export type Reaction = {
  profile: Profile;
  /** The events given, and those that the hub's own deeds added, in the order they were folded. */
  events: Event[];
  decisions: TakenDecision[];
  messages: PlannedMessage[];
  /** What became of each timer that was touched. */
  timers: Map<string, TimerNews>;
};

/** When a timer is to fire, epoch ms, and what set it going where that proves nothing. */
export type SetTimer = { dueAt: number; causedBy: Origin | null };

/** Whether the timer that was set before is ended, and the one to be set after that, if any. */
export type TimerNews = { ended: boolean; set: SetTimer | null };

/** Ids are made from what caused them, so that doing the same again makes nothing new. */
export type IdOf = (...parts: string[]) => string;
