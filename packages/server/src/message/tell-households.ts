import type { Event } from "@rapport/contract/event";

import type { Sql } from "../platform/database.ts";
import { type Claimed, findMembers } from "./store.ts";
import { keepEvents } from "./suppress.ts";

/** Beyond this many it is no household, and nobody's timeline is filled with what its members were sent. */
const MOST_MEMBERS = 20;

/**
 * Tells the other members of each message's household that it was sent: an event on their own timelines, from which they
 * know what the household's budget has left without asking another partition.
 */
export async function tellHouseholds(tx: Sql, sent: Claimed[], at: number): Promise<void> {
  const households = [...new Set(sent.flatMap((message) => message.household ?? []))];
  if (households.length === 0) return;
  const members = await findMembers(tx, households, MOST_MEMBERS);
  const events = sent.flatMap((message) =>
    members
      .filter(({ household, customerId }) => household === message.household && customerId !== message.customerId)
      .map(({ customerId }) => householdEvent(message, customerId, at)),
  );
  await keepEvents(tx, events);
}

function householdEvent({ messageId, household, channel, purpose }: Claimed, customerId: string, at: number): Event {
  return {
    id: `${messageId}/household/${customerId}`,
    kind: "message",
    name: "message.household",
    at,
    receivedAt: at,
    claims: [{ kind: "customer", value: customerId }],
    origin: "hub",
    source: "hub",
    channel: "hub",
    properties: { messageId, household, channel, purpose },
  };
}
