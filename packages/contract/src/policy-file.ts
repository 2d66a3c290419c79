import { type Static, Type } from "typebox";

import { Origins, Repliers } from "./origin.ts";

const Channel = Type.Union([
  Type.Literal("email"),
  Type.Literal("sms"),
  Type.Literal("voice"),
  Type.Literal("push"),
  Type.Literal("chat"),
]);
const Purpose = Type.Union([
  Type.Literal("marketing"),
  Type.Literal("service"),
  Type.Literal("survey"),
  Type.Literal("profiling"),
  Type.Literal("life-safety"),
]);
/** `36h`, `7d`, `1h30m`: units w, d, h, m, s, ms. */
const Duration = Type.String({ pattern: "^(\\d+(\\.\\d+)?(ms|[wdhms]))+$" });
/** `21:00`, local time. */
const TimeOfDay = Type.String({ pattern: "^([01]\\d|2[0-3]):[0-5]\\d$" });
const Name = Type.String({ minLength: 1, maxLength: 100, pattern: "^[A-Za-z0-9][A-Za-z0-9_.:-]*$" });
/** A CEL condition. */
const Condition = Type.String({ minLength: 1, maxLength: 4000 });
/** A number, or a CEL expression for one. */
const Amount = Type.Union([Type.Number(), Type.String({ minLength: 1, maxLength: 4000 })]);
const exactly = { additionalProperties: false };

/** By language, `en` the last resort; one text is for all of them. */
const Title = Type.Union([
  Type.String({ minLength: 1 }),
  Type.Record(Type.String({ pattern: "^[a-z]{2}(-[A-Za-z]+)?$" }), Type.String({ minLength: 1 })),
]);

const Chance = Type.Number({ minimum: 0.01, maximum: 0.99 });

const ChannelTerms = Type.Object(
  {
    cost: Type.Number({ minimum: 0 }),
    annoyance: Type.Optional(Type.Number({ minimum: 0 })),
    reach: Type.Optional(
      Type.Object(
        {
          /** P(reached) over all customers, for the whole day or for each local hour: where learning begins. */
          population: Type.Union([Chance, Type.Array(Chance, { minItems: 24, maxItems: 24 })]),
          /** What proves that a message reached the customer: that it came to the device, or that it was seen. */
          proof: Type.Optional(Type.Union([Type.Literal("delivered"), Type.Literal("seen")])),
        },
        exactly,
      ),
    ),
  },
  exactly,
);

/** Consent, caps, quiet hours: when a customer may be contacted. */
export const ContactRules = Type.Object(
  {
    /** By purpose; a purpose without a rule needs a grant. `source` names the law or decision, `since` its date. */
    consent: Type.Optional(
      Type.Record(
        Type.String(),
        Type.Object(
          {
            default: Type.Union([Type.Literal("opt-in"), Type.Literal("opt-out")]),
            source: Type.String(),
            since: Type.String(),
          },
          exactly,
        ),
      ),
    ),
    caps: Type.Optional(
      Type.Array(
        Type.Object(
          {
            name: Name,
            limit: Type.Integer({ minimum: 0 }),
            window: Duration,
            channels: Type.Optional(Type.Array(Channel)),
            purposes: Type.Optional(Type.Array(Purpose)),
          },
          exactly,
        ),
      ),
    ),
    quietHours: Type.Optional(
      Type.Array(
        Type.Object(
          {
            purposes: Type.Array(Purpose),
            channels: Type.Optional(Type.Array(Channel)),
            from: TimeOfDay,
            to: TimeOfDay,
            source: Type.Optional(Type.String()),
          },
          exactly,
        ),
      ),
    ),
    /** Purposes that keep silent while a complaint is open; marketing, when nothing is said. */
    hush: Type.Optional(Type.Array(Purpose)),
    household: Type.Optional(
      Type.Object(
        {
          limit: Type.Integer({ minimum: 0 }),
          window: Duration,
          channels: Type.Optional(Type.Array(Channel)),
          purposes: Type.Optional(Type.Array(Purpose)),
        },
        exactly,
      ),
    ),
    /** How far ahead a permitted time is looked for. */
    horizon: Type.Optional(Duration),
  },
  exactly,
);
export type ContactRules = Static<typeof ContactRules>;

export const PolicyFileAction = Type.Object(
  {
    name: Name,
    title: Title,
    purpose: Purpose,
    /** `must-send` is sent whatever it is worth, and no cap holds it back. */
    class: Type.Union([Type.Literal("must-send"), Type.Literal("optional")]),
    /** One candidate for each of the facts' options, which the expressions know as `item`. */
    forEach: Type.Optional(Type.Literal("options")),
    eligible: Type.Optional(Condition),
    /** P(success once the customer is reached), 0…1. */
    success: Amount,
    /** Worth of a success in the policy's currency. */
    valueToCompany: Amount,
    valueToCustomer: Amount,
    weight: Type.Optional(Type.Number({ minimum: 0 })),
    /** Its worth halves every so often while it waits; without it, waiting costs nothing. */
    valueHalfLife: Type.Optional(Duration),
    /** Template names by channel: it can go by these channels only. */
    templates: Type.Partial(
      Type.Object(
        { email: Type.String(), sms: Type.String(), voice: Type.String(), push: Type.String(), chat: Type.String() },
        exactly,
      ),
    ),
    /** What the journey that carries it out wants to know: passed on as it is. */
    stepHints: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    /** Whose plain yes accepts what it offers: a proven customer's alone, when nothing is said. */
    acceptFrom: Type.Optional(Repliers),
  },
  exactly,
);
export type PolicyFileAction = Static<typeof PolicyFileAction>;

/** A policy as its file says it: when to decide, among which actions, and within which limits. */
export const PolicyFile = Type.Object(
  {
    name: Name,
    version: Type.String({ minLength: 1, maxLength: 50 }),
    title: Type.Optional(Title),
    /** Event names that call for a decision. */
    on: Type.Array(Type.String({ minLength: 1 }), { minItems: 1 }),
    /** Whose events call for one; whoever has proven who he is, when nothing is said: never a browser. */
    from: Type.Optional(Origins),
    when: Type.Optional(Condition),
    /** The shortest time between two decisions for one customer. */
    again: Type.Optional(Duration),
    currency: Type.String({ minLength: 3, maxLength: 3 }),
    /** What one contact costs the company, and how much more it annoys than an e-mail does, by channel. */
    channels: Type.Partial(
      Type.Object(
        { email: ChannelTerms, sms: ChannelTerms, voice: ChannelTerms, push: ChannelTerms, chat: ChannelTerms },
        exactly,
      ),
    ),
    /** Annoyance = `base` × the channel's factor × (1 + `recent` × Σ 2^(−age / `halfLife`) over the ledger). */
    annoyance: Type.Optional(
      Type.Object(
        { base: Type.Number({ minimum: 0 }), recent: Type.Number({ minimum: 0 }), halfLife: Duration },
        exactly,
      ),
    ),
    /** How one customer's reach is learned from what came back. */
    reach: Type.Optional(
      Type.Object(
        {
          /** How many contacts of the customer's own weigh as much as what is known of everybody. */
          strength: Type.Optional(Type.Number({ minimum: 0.1, maximum: 1000 })),
          /** How much of a contact an unanswered one counts: who says nothing may have read it all the same. */
          silence: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
          /** After this, no answer is silence. */
          patience: Type.Optional(Duration),
        },
        exactly,
      ),
    ),
    /** Most must-send messages of this policy to one address: sixty a day, when nothing is said. Life safety has no such cap. */
    mustSendCap: Type.Optional(Type.Object({ limit: Type.Integer({ minimum: 1 }), window: Duration }, exactly)),
    /**
     * It is paused, and asked about, when it writes to more than ten times as many people within twenty-four hours as ever:
     * from so many messages on; 1,000 when nothing is said.
     */
    surge: Type.Optional(Type.Object({ atLeast: Type.Integer({ minimum: 1 }) }, exactly)),
    /** How long a decision may put a contact off for a better hour. */
    maxDelay: Type.Optional(Duration),
    contact: ContactRules,
    actions: Type.Array(PolicyFileAction, { minItems: 1 }),
  },
  exactly,
);
export type PolicyFile = Static<typeof PolicyFile>;
