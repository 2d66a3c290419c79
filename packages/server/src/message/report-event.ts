import type { Claim, Event } from "@rapport/contract/event";

import type { InboundTouch } from "../channel/index.ts";
import type { HandedOff } from "./handed-off/store.ts";

export type Report = Exclude<InboundTouch, { kind: "reply" }>;

/** What a provider tells of a message, as an event of its customer. */
export function reportEvent(touch: Report, { customerId, messageId }: HandedOff, now: number): Event {
  const claims: Claim[] = [{ kind: "customer", value: customerId }];
  const base = { kind: "message", receivedAt: now, claims, origin: "provider", source: touch.gateway } as const;
  const at = Math.min(touch.at, now);
  if (touch.kind === "complaint") {
    const id = `${messageId}/complained`;
    return { ...base, id, at, name: "message.complained", channel: "email", properties: { messageId } };
  }
  const status = touch.kind === "receipt" ? touch.status : touch.hard ? "failed" : "bounced";
  const reason = touch.reason ? { reason: touch.reason } : {};
  const properties = { messageId, status, ...reason };
  return { ...base, id: `${messageId}/${status}`, at, name: `message.${status}`, channel: "hub", properties };
}
