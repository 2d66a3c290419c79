import { oneMailbox } from "./one-mailbox.ts";
import { onePhoneNumber } from "./one-phone-number.ts";
import { type Gateway, type Handoff, wrongContent } from "./gateway.ts";

/** How the fake's provider treats an address; an address without an entry is good. */
export type FakeBehaviour = "unknown" | "busy" | "vanishing";

/** A gateway in memory, held to the contract of the real ones: for tests and for a hub without providers. */
export function openFakeGateway(
  channel: "email" | "sms",
  behaviours: Record<string, FakeBehaviour> = {},
): Gateway & { handedOver: Handoff[] } {
  const handedOver: Handoff[] = [];
  const answered = new Map<string, string>();

  return {
    name: `fake-${channel}`,
    channel,
    takesKey: true,
    ratePerSecond: 1_000_000,
    handedOver,
    async send(handoff) {
      if (handoff.content.kind !== channel) return wrongContent({ channel }, handoff.content);
      const to = channel === "email" ? oneMailbox(handoff.to) : onePhoneNumber(handoff.to);
      const behaviour = to === null ? "unknown" : behaviours[to];
      if (behaviour === "unknown") return { kind: "refused", reason: "bad-address", detail: "no such address" };
      if (behaviour === "busy") return { kind: "later", retryAfterMs: 1_000, detail: "busy" };

      const providerId = answered.get(handoff.key) ?? `fake-${answered.size + 1}`;
      if (!answered.has(handoff.key)) handedOver.push(handoff);
      answered.set(handoff.key, providerId);
      if (behaviour === "vanishing") throw new Error("the connection was cut before the answer");
      return { kind: "accepted", providerId };
    },
    async close() {},
  };
}
