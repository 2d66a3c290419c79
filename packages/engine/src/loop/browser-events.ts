import type { PackFile } from "@rapport/contract/pack-file";

import { durationMs } from "../condition/index.ts";
import type { Feature } from "../profile/index.ts";

/** At most so many in a sliding window. */
export type Cap = { limit: number; windowMs: number };

/** An event that a pack opens to browsers, and how many of it call for something. */
export type BrowserEvent = { event: string; perCustomer: Cap; perAddress: Cap; perPeer: Cap };

const DAY_MS = 86_400_000;
const DEFAULTS = {
  perCustomer: { limit: 3, windowMs: DAY_MS },
  perAddress: { limit: 3, windowMs: DAY_MS },
  perPeer: { limit: 30, windowMs: 3_600_000 },
};

type File = NonNullable<PackFile["browserEvents"]>[number];

export function browserEventOf({ event, ...caps }: File): BrowserEvent {
  const capOf = (name: keyof typeof DEFAULTS): Cap => {
    const stated = caps[name];
    return stated ? { limit: stated.limit, windowMs: durationMs(stated.window) ?? DAY_MS } : DEFAULTS[name];
  };
  return { event, perCustomer: capOf("perCustomer"), perAddress: capOf("perAddress"), perPeer: capOf("perPeer") };
}

/** Counts what browsers said of it, for the cap by customer. A pack's own features have no colon in their names. */
export const countOf = ({ event, perCustomer }: BrowserEvent): Feature => ({
  name: `browser:${event}`,
  kind: "count",
  events: [event],
  from: ["browser"],
  property: null,
  windowMs: perCustomer.windowMs,
  byReceipt: true,
});
