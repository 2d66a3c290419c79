import type { Event } from "@rapport/contract/event";

import type { Content } from "../channel/index.ts";
import type { Claimed } from "./store.ts";
import type { Suppression } from "./suppress.ts";

/** What became of one claimed message. */
export type Outcome =
  | { kind: "sent"; providerIds: readonly string[]; content: Content }
  | {
      kind: "ended";
      status: "failed" | "suppressed" | "expired";
      reason: string;
      /** How the provider's answer closes the address. */
      closes?: Pick<Suppression, "cause" | "reason">;
    }
  | { kind: "later"; at: number }
  /** Its policy is paused. */
  | { kind: "held" };

/** The outcome as an event of the timeline, with an id that is the same however often it is told. */
export function outcomeEvent(message: Claimed, outcome: Outcome, at: number): Event {
  const { messageId, customerId, channel, purpose } = message;
  const status = outcome.kind === "ended" ? outcome.status : "sent";
  const more =
    outcome.kind === "ended" ? { reason: outcome.reason } : outcome.kind === "sent" ? saidIn(outcome.content) : {};
  return {
    id: `${messageId}/${status}`,
    kind: "message",
    name: `message.${status}`,
    at,
    receivedAt: at,
    claims: [{ kind: "customer", value: customerId }],
    origin: "hub",
    source: "hub",
    channel: "hub",
    properties: { messageId, status, channel, purpose, ...more },
  };
}

/** What was said, for the timeline: the customer's own words in answer make no sense without it. */
function saidIn(content: Content): { subject?: string; text: string } {
  const text = content.text.slice(0, 4_000);
  return content.kind === "email" ? { subject: content.subject.slice(0, 300), text } : { text };
}
