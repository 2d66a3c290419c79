import type { Event } from "@rapport/contract/event";

import { isAtLeast } from "@rapport/contract/origin";

import { readAnswer } from "../message/answer-words.ts";
import { readKeyword } from "../message/opt-out-words.ts";
import { ownOf } from "../own-of.ts";
import type { Profile } from "../profile/index.ts";
import { answerKeyword } from "./answer-keyword.ts";
import { askAgain, confirmationOf } from "./ask-again.ts";
import { hubEvent } from "./hub-event.ts";
import type { Model } from "./model.ts";
import type { IdOf, PlannedMessage, Reaction } from "./reaction.ts";

/** A reply this long after a message may still be its answer. */
const ANSWERED_WITHIN_MS = 7 * 86_400_000;

export type Answers = { events: Event[]; message: PlannedMessage | null };
const NO_ANSWERS: Answers = { events: [], message: null };

/**
 * What a reply calls for: a keyword is answered by the hub; anything else may answer an offer, or the newest message. What
 * a reply that nothing proves says is asked again at the customer's own address, or is for a person to read.
 */
export function answersTo(
  event: Event,
  { profile, messages }: Reaction,
  standing: string | null,
  model: Model,
  now: number,
  idOf: IdOf,
): Event[] {
  const keyword = answerKeyword(profile, event, standing, model, now, idOf);
  const offer = offerAnswers(profile, event, model, now, idOf);
  messages.push(...[keyword, offer].flatMap(({ message }) => message ?? []));
  return [...keyword.events, ...(offer.events.length > 0 ? offer.events : messageAnswered(profile, event))];
}

/**
 * Any other reply answers the message it names, else, where it is proven, the newest one by the same channel: the customer
 * was reached. Told once a message.
 */
function messageAnswered(profile: Profile, event: Event): Event[] {
  const { channel, inReplyTo } = (event.properties ?? {}) as { channel?: unknown; inReplyTo?: unknown };
  const newest = profile.ledger.findLast(
    (contact) =>
      contact.channel === channel &&
      contact.state !== "released" &&
      contact.at <= event.at &&
      contact.at > event.at - ANSWERED_WITHIN_MS,
  );
  const guessed = isAtLeast(event.origin, "person") ? newest?.messageId : undefined;
  const messageId = typeof inReplyTo === "string" ? inReplyTo : guessed;
  if (messageId === undefined || ownOf(profile.proofs, messageId)?.seen !== undefined) return [];
  return [answeredEvent(profile, event, messageId)];
}

function answeredEvent(profile: Profile, reply: Event, messageId: string): Event {
  const told = { id: `${messageId}/answered`, kind: "message", name: "message.answered", at: reply.at } as const;
  return { ...hubEvent(profile, reply, told), properties: { messageId, status: "answered" } };
}

/** Only what was handed off can be answered: who answers an offer before it left has not read it. */
const wasHandedOff = ({ ledger }: Profile, messageId: string): boolean =>
  ledger.some((contact) => contact.messageId === messageId && contact.state === "committed");

/**
 * A plain yes or no to the newest offer is an event of its own, by the name the offer gave it. A reply that names a message
 * answers that message alone, or what the hub asked about the offer. Whose yes counts, the offer says.
 */
function offerAnswers(profile: Profile, event: Event, model: Model, now: number, idOf: IdOf): Answers {
  const { text, inReplyTo } = (event.properties ?? {}) as { text?: unknown; inReplyTo?: unknown };
  const offer = profile.offer;
  if (typeof text !== "string" || !offer || now - offer.at > ANSWERED_WITHIN_MS || readKeyword(text).kind === "opt-out")
    return NO_ANSWERS;
  const answer = readAnswer(text);
  const { messageId, action, item, accept, acceptFrom = ["person"] } = offer.value;
  const isAnother = typeof inReplyTo === "string" && ![messageId, confirmationOf(profile, idOf)].includes(inReplyTo);
  if (answer === null || isAnother || !wasHandedOff(profile, messageId)) return NO_ANSWERS;
  if (!acceptFrom.some((origin) => origin === event.origin))
    return answer === "yes" && inReplyTo === messageId ? askAgain(profile, event, model, now, idOf) : NO_ANSWERS;

  const named = hubEvent(profile, event, {
    // What nothing proves takes nobody's place: the customer may still say so.
    id: `${messageId}/${answer}${event.origin === "person" ? "" : `/${event.origin}`}`,
    kind: "track",
    name: answer === "yes" ? accept : "offer declined",
    at: event.at,
    properties: { messageId, action, item },
  });
  return { events: [answeredEvent(profile, event, messageId), named], message: null };
}
