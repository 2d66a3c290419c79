import type { Event } from "@rapport/contract/event";
import { isAtLeast } from "@rapport/contract/origin";

import { normaliseEmail } from "../identity/index.ts";
import { readKeyword } from "../message/opt-out-words.ts";
import type { Profile } from "../profile/index.ts";
import { ownWordsCap } from "./address-cap.ts";
import { hubEvent } from "./hub-event.ts";
import type { Model } from "./model.ts";
import type { IdOf, PlannedMessage } from "./reaction.ts";
import { addressesOf, localeOf, phoneOf } from "./whereabouts.ts";

/**
 * 47 CFR 64.1200(a)(12): an opt-out is confirmed once, within five minutes. Nobody hears of consent twice in that time,
 * nor help; HELP right after STOP is answered all the same.
 */
const WITHIN_MS = 5 * 60_000;
const TRANSACTIONAL = 1;

export type KeywordAnswer = { events: Event[]; message: PlannedMessage | null };

/**
 * What the hub says by itself to a keyword: a change of consent is confirmed, HELP is answered; each once in five minutes
 * a channel, and never late. A text that only holds an opt-out word is not one: it is flagged for a person. `standing` is
 * the consent to marketing on that channel as it was before the reply. Where nothing proves who wrote, only an opt-out is
 * answered, and at the customer's own address: whoever gets an answer of ours at an address of his is taken for the customer.
 */
export function answerKeyword(
  profile: Profile,
  event: Event,
  standing: string | null,
  model: Model,
  now: number,
  idOf: IdOf,
): KeywordAnswer {
  const { text, channel, from } = (event.properties ?? {}) as { text?: unknown; channel?: unknown; from?: unknown };
  if (typeof text !== "string" || (channel !== "sms" && channel !== "email")) return { events: [], message: null };
  const keyword = readKeyword(text);
  if (keyword.kind === "ambiguous") {
    const flag = { id: `${event.id}/flagged`, kind: "track", name: "reply flagged", at: event.at } as const;
    return { events: [{ ...hubEvent(profile, event, flag), properties: { word: keyword.word, text } }], message: null };
  }
  const isProven = isAtLeast(event.origin, "person");
  const template = isProven || keyword.kind === "opt-out" ? templateFor(keyword.kind, standing) : null;
  const said =
    profile.answeredAt[template === "help" ? (`${channel}/help` as const) : channel] ?? Number.NEGATIVE_INFINITY;
  const address =
    (isProven ? addressOf(from, channel, profile, model) : null) ?? addressesOf(profile, model.zones)[channel];
  if (template === null || !address || now - event.at > WITHIN_MS || event.at - said < WITHIN_MS)
    return { events: [], message: null };

  const message: PlannedMessage = {
    messageId: idOf(profile.customerId, template, event.id),
    decisionId: null,
    policy: null,
    mustSend: true,
    channel,
    purpose: "service",
    lane: TRANSACTIONAL,
    address,
    template,
    locale: localeOf(profile, model.locale),
    sendAt: now,
    expiresAt: event.at + WITHIN_MS,
    variables: {},
    household: null,
    addressCap: ownWordsCap(template),
  };
  const { messageId } = message;
  const planned = { id: `${messageId}/planned`, kind: "message", name: "message.planned", at: event.at } as const;
  const properties = { messageId, channel, purpose: "service", status: "planned", answers: event.id, words: template };
  return { events: [{ ...hubEvent(profile, event, planned), properties }], message };
}

function templateFor(keyword: string, standing: string | null): string | null {
  if (keyword === "opt-out") return standing === "withdrawn" ? null : "opt-out-confirmed";
  if (keyword === "opt-in") return standing === "granted" ? null : "opt-in-confirmed";
  return keyword === "help" ? "help" : null;
}

/** Where the reply came from, which need not be where the customer is usually written to. */
function addressOf(from: unknown, channel: "sms" | "email", profile: Profile, { zones }: Model): string | null {
  if (channel === "sms") return phoneOf(profile, from, zones);
  return typeof from === "string" ? normaliseEmail(from) : null;
}
