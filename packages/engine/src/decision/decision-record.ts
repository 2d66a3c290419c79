import type { Origin } from "@rapport/contract/origin";

import type { KnownConsent, LearnedReach } from "../contact/index.ts";
import type { Contact, ContactChannel, Purpose } from "../profile/profile.ts";

/** A stable code and what a sentence about it needs: the console tells it in the reader's language. */
export type Reason = { code: string; params: Readonly<Record<string, string | number>> };

/** The filters a candidate passes, in this order. `choice` means that it passed them all and another one was better. */
export type Filter = "eligibility" | "interest" | "value" | "address" | "contact" | "worth" | "choice";

/** One way to carry a candidate out: a channel at a time, or why that channel is barred. */
export type Way =
  | {
      kind: "open";
      channel: ContactChannel;
      at: number;
      /** P(the customer is reached) by this channel at this hour. */
      reach: number;
      cost: number;
      annoyance: number;
      /** `success × reach × (valueToCompany + valueToCustomer) × weight × discount − cost − annoyance`. */
      score: number;
    }
  | { kind: "barred"; channel: ContactChannel; reason: Reason };

export type Factors = {
  /** P(success once reached). */
  success: number;
  valueToCompany: number;
  valueToCustomer: number;
  weight: number;
};

/** An action (for one option, where it is taken for each) as it was weighed. */
export type Candidate = {
  action: string;
  /** The option's name. */
  item: string | null;
  removedBy: { filter: Filter; reason: Reason } | null;
  /** null when it was removed before they were worked out. */
  factors: Factors | null;
  /** Of its best way; null when it had none. */
  score: number | null;
  /** Best first. */
  ways: readonly Way[];
};

export type Act = {
  kind: "act";
  action: string;
  item: string | null;
  mustSend: boolean;
  purpose: Purpose;
  channel: ContactChannel;
  /** When to hand the message off, epoch milliseconds. */
  at: number;
  score: number;
};

/** What was decided on: enough to decide again, and no more. Addresses are kept as channel names, consent without proof. */
export type Given = {
  /** The facts that the policy's expressions read. */
  facts: Readonly<Record<string, unknown>>;
  consent: KnownConsent;
  ledger: readonly Contact[];
  household: readonly Contact[];
  channels: readonly ContactChannel[];
  zone: string | readonly string[];
  openComplaint: boolean;
  reach: Reach;
  /** What the reach was learned from, by channel; records of before it was learned have none. */
  evidence?: ReachEvidence;
};

/**
 * P(reached) by channel: one for the whole day, or one for each of its 24 hours by the customer's clock; a channel without
 * figures counts as 1.
 */
export type Reach = Readonly<Partial<Record<ContactChannel, number | readonly number[]>>>;
export type ReachEvidence = Readonly<Partial<Record<ContactChannel, ReachFrom>>>;
export type ReachFrom = Omit<LearnedReach, "chance">;

/** A decision with everything that explains it. JSON through and through. */
export type DecisionRecord = {
  policy: { name: string; version: string };
  customerId: string;
  at: number;
  /** Name of the event that called for it. */
  event: string | null;
  /** As whose word that event was believed; records from before origins have none. */
  origin?: Origin;
  outcome: Act | { kind: "nothing"; reason: Reason };
  /** The chosen one first, then by score, then the removed ones by name. */
  candidates: readonly Candidate[];
  /**
   * How many more there were, by the code of what removed them: a policy of many actions does not list those that are
   * not eligible, nor candidates of a low rank. Replaying the record with its policy tells each of them.
   */
  unlisted: Readonly<Record<string, number>>;
  given: Given;
};
