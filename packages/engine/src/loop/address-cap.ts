import type { Event } from "@rapport/contract/event";

import type { Act, Policy } from "../decision/index.ts";
import type { Cap } from "./browser-events.ts";
import type { Model } from "./model.ts";

/** Most messages of one cause (`event …`, `policy …`, or `hub …` for its own words) to one address, whoever they are meant for. */
export type AddressCap = Cap & { cause: string };

const DAY_MS = 86_400_000;
/** What a browser set going by way of a timer. */
const BY_A_TIMER: Cap = { limit: 3, windowMs: DAY_MS };

/**
 * The cap by address that a message stands under; null for none. What a browser set going has the cap of the event that it
 * said; what must be sent has its policy's, but for life safety.
 */
export function addressCapOf(policy: Policy, act: Act, event: Event, model: Model): AddressCap | null {
  if (event.origin === "browser" || event.causedBy === "browser")
    return { cause: `event ${event.name}`, ...(model.browserEvents.get(event.name)?.perAddress ?? BY_A_TIMER) };
  if (!act.mustSend || act.purpose === "life-safety") return null;
  return { cause: `policy ${policy.name}`, ...policy.mustSendCap };
}

/** The hub's own answers to keywords. */
export const ownWordsCap = (template: string): AddressCap => ({
  cause: `hub ${template}`,
  limit: 20,
  windowMs: DAY_MS,
});
