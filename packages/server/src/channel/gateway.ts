import type { Lane } from "@rapport/engine/message/lane";

import type { SenderProof } from "./prove-sender.ts";

export type { Lane, SenderProof };

export type Content =
  | { kind: "email"; subject: string; text: string; html: string | null }
  | { kind: "sms"; text: string };

/** One message at the moment of hand-off. `key` is fixed by what caused it and is given to the provider where it takes one. */
export type Handoff = {
  key: string;
  lane: Lane;
  /** A bare e-mail address, or a number in E.164 form. */
  to: string;
  content: Content;
  unsubscribe: { url: string; mailto: string } | null;
};

/** What a provider answered. `later` is temporary and says that nothing was handed over; whatever is thrown is a fault: outcome unknown. */
export type HandoffResult =
  /** `partIds`: the ids of all parts, where it went in several. */
  | { kind: "accepted"; providerId: string; partIds?: readonly string[] }
  /** `isDead`: the provider leaves no doubt that there is no such address. */
  | {
      kind: "refused";
      reason: "bad-address" | "mailbox-full" | "opted-out" | "blocked" | "content";
      detail: string;
      isDead?: boolean;
    }
  | { kind: "later"; retryAfterMs: number | null; detail: string };

/** What comes back over a channel. `id` is the same each time the same thing is heard, so hearing twice does no harm. Times are epoch milliseconds. */
export type InboundTouch =
  | {
      kind: "receipt";
      gateway: string;
      providerId: string | null;
      key: string | null;
      /** The phone's number, where the receipt names it. */
      numbers?: readonly string[];
      status: "delivered" | "seen" | "failed";
      reason: string | null;
      /** The provider's own list says that this number has opted out. */
      isOptedOut?: boolean;
      at: number;
    }
  | {
      kind: "reply";
      gateway: string;
      channel: "email" | "sms";
      from: string;
      to: string;
      text: string;
      inReplyToKey: string | null;
      /** Of a mail: how its sender's domain vouched for it; null: not at all. A text comes by the carrier, who knows whose it is. */
      senderProof?: SenderProof | null;
      at: number;
      id: string;
      /** Ids under which the same may have been heard before: when one of them was, this is nothing new. */
      earlierIds?: readonly string[];
    }
  | {
      kind: "bounce";
      gateway: string;
      key: string | null;
      address: string | null;
      hard: boolean;
      reason: string;
      /** Enhanced status code (RFC 3463), such as 5.1.1, where the bounce names one. */
      status: string | null;
      at: number;
      id: string;
    }
  | { kind: "complaint"; gateway: string; key: string | null; address: string | null; at: number; id: string };

/** Answers only when the touches are committed: a gateway acknowledges to its peer after this resolves. */
export type Hear = (touches: InboundTouch[]) => Promise<void>;

/** A provider of one channel. What may be expected of each stands in gateway-contract.ts. */
export type Gateway = {
  name: string;
  channel: "email" | "sms";
  /** Whether the provider deduplicates by key, so that a repeat after a crash does no harm. */
  takesKey: boolean;
  ratePerSecond: number;
  /** Whether it stands in contact with its provider; a gateway that keeps no contact open has none to lose. */
  isUp?(): boolean;
  send(handoff: Handoff): Promise<HandoffResult>;
  /** Lets what is under way end, then lets go of the provider. */
  close(): Promise<void>;
};

/** The answer of every gateway to content of another channel. */
export function wrongContent(gateway: { channel: string }, content: Content): HandoffResult {
  return { kind: "refused", reason: "content", detail: `an ${gateway.channel} gateway cannot carry ${content.kind}` };
}
