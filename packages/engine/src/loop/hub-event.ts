import type { Event } from "@rapport/contract/event";
import { causeOf } from "@rapport/contract/origin";

import type { Profile } from "../profile/index.ts";

/** An event that the hub itself adds to a customer's timeline, because of another. */
export function hubEvent(
  profile: Profile,
  cause: Event,
  given: Pick<Event, "id" | "kind" | "name" | "at"> & Partial<Event>,
): Event {
  return {
    receivedAt: cause.receivedAt,
    claims: [{ kind: "customer", value: profile.customerId }],
    origin: "hub",
    ...causeOf(cause),
    source: "hub",
    channel: "hub",
    ...given,
  };
}
