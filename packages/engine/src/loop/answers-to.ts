import type { Event } from "@rapport/contract/event";

import { readAnswer } from "../message/answer-words.ts";
import { readKeyword } from "../message/opt-out-words.ts";
import type { Profile } from "../profile/index.ts";
import { answerKeyword } from "./answer-keyword.ts";
import { hubEvent } from "./hub-event.ts";
import type { Model } from "./model.ts";
import type { IdOf, Reaction } from "./reaction.ts";

/** A reply this long after a message may still be its answer. */
const ANSWERED_WITHIN_MS = 7 * 86_400_000;

/** What a reply calls for: a keyword is answered by the hub; anything else may answer an offer, or the newest message. */
export function answersTo(
  event: Event,
  { profile, messages }: Reaction,
  standing: string | null,
  model: Model,
  now: number,
  idOf: IdOf,
): Event[] {
  const { events, message } = answerKeyword(profile, event, standing, model, now, idOf);
  if (message) messages.push(message);
  const offer = offerAnswers(profile, event, now);
  return [...events, ...(offer.length > 0 ? offer : messageAnswered(profile, event))];
}

/**
 * Any other reply answers the message it names, else the newest one by the same channel: the customer was reached. Told
 * once a message.
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
  const messageId = typeof inReplyTo === "string" ? inReplyTo : newest?.messageId;
  if (messageId === undefined || profile.proofs[messageId]?.seen !== undefined) return [];
  return [answeredEvent(profile, event, messageId)];
}

function answeredEvent(profile: Profile, reply: Event, messageId: string): Event {
  const told = { id: `${messageId}/answered`, kind: "message", name: "message.answered", at: reply.at } as const;
  return { ...hubEvent(profile, reply, told), properties: { messageId, status: "answered" } };
}

/** A plain yes or no to the newest offer is an event of its own, by the name the offer gave it. */
function offerAnswers(profile: Profile, event: Event, now: number): Event[] {
  const { text } = (event.properties ?? {}) as { text?: unknown };
  const offer = profile.offer;
  if (typeof text !== "string" || !offer || now - offer.at > ANSWERED_WITHIN_MS || readKeyword(text).kind === "opt-out")
    return [];
  const answer = readAnswer(text);
  if (answer === null) return [];
  const { messageId, action, item, accept } = offer.value;
  const named = hubEvent(profile, event, {
    id: `${messageId}/${answer}`,
    kind: "track",
    name: answer === "yes" ? accept : "offer declined",
    at: event.at,
    properties: { messageId, action, item },
  });
  return [answeredEvent(profile, event, messageId), named];
}
