import type { Event } from "@rapport/contract/event";

import type { Profile } from "../profile/index.ts";
import { ownWordsCap } from "./address-cap.ts";
import { hubEvent } from "./hub-event.ts";
import type { Model } from "./model.ts";
import type { IdOf, PlannedMessage } from "./reaction.ts";
import { addressesOf, localeOf } from "./whereabouts.ts";

const TRANSACTIONAL = 1;
const DAY_MS = 86_400_000;

/** The template of the hub's own that asks whether an offer is wanted; `offer.messageId` names the message that made it. */
export const CONFIRM_ANSWER = "confirm-answer";

/** The message by which the hub asks about the customer's offer: one an offer. */
export const confirmationOf = ({ customerId, offer }: Profile, idOf: IdOf): string =>
  idOf(customerId, CONFIRM_ANSWER, offer?.value.messageId ?? "");

/**
 * Somebody who read the offer said yes to it, from an address it was not sent to or long after: the customer is asked, at
 * the customer's own address, with the offer's words, once. The answer to that is proven by where it comes from.
 */
export function askAgain(
  profile: Profile,
  event: Event,
  model: Model,
  now: number,
  idOf: IdOf,
): { events: Event[]; message: PlannedMessage | null } {
  const messageId = confirmationOf(profile, idOf);
  const address = addressesOf(profile, model.zones).email;
  const wasAsked = profile.ledger.some((contact) => contact.messageId === messageId);
  if (!address || !profile.offer || wasAsked) return { events: [], message: null };
  const message: PlannedMessage = {
    messageId,
    decisionId: null,
    policy: null,
    mustSend: true,
    channel: "email",
    purpose: "service",
    lane: TRANSACTIONAL,
    address,
    template: CONFIRM_ANSWER,
    locale: localeOf(profile, model.locale),
    sendAt: now,
    expiresAt: now + DAY_MS,
    variables: { offer: { messageId: profile.offer.value.messageId } },
    household: null,
    addressCap: ownWordsCap(CONFIRM_ANSWER),
  };
  const planned = { id: `${messageId}/planned`, kind: "message", name: "message.planned", at: event.at } as const;
  const properties = { messageId, channel: "email", purpose: "service", status: "planned", words: CONFIRM_ANSWER };
  return { events: [{ ...hubEvent(profile, event, planned), properties }], message };
}
