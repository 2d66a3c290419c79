import { type Static, Type } from "typebox";

import { Origin } from "./origin.ts";

/** An identifier stated by an event: who it says it is about. */
export const Claim = Type.Object({ kind: Type.String(), value: Type.String() });
export type Claim = Static<typeof Claim>;

/**
 * An event as the hub keeps it, whatever door it came in by: everything a customer does and everything done to a
 * customer. The timeline is a customer's events; the profile is a fold over them.
 */
export const Event = Type.Object({
  /** The sender's `messageId` (or one made from source and content): an event with an id already kept is dropped. */
  id: Type.String({ minLength: 1, maxLength: 255 }),
  kind: Type.Union([
    Type.Literal("identify"),
    Type.Literal("track"),
    Type.Literal("page"),
    Type.Literal("screen"),
    Type.Literal("group"),
    Type.Literal("alias"),
    /** A customer gave or withdrew consent: properties `{ purpose, channel, status, source, text?, ip? }`. */
    Type.Literal("consent"),
    /** A message moved on: properties `{ messageId, status, channel, purpose, … }`. */
    Type.Literal("message"),
    /** The customer answered in words or by a key: properties `{ channel, text, inReplyTo? }`. */
    Type.Literal("reply"),
    /** The hub decided: properties `{ decisionId, policy, outcome, action? }`. */
    Type.Literal("decision"),
    /** A member of staff did something: properties say what. */
    Type.Literal("staff"),
  ]),
  /** What happened: the `event` of a track, the page's name, `message.delivered`, … */
  name: Type.String({ maxLength: 255 }),
  /** When it happened, epoch milliseconds, with the sender's clock skew taken out. */
  at: Type.Number(),
  /** When the hub kept it, epoch milliseconds. */
  receivedAt: Type.Number(),
  /** Who it is about: identifiers that its origin may state. */
  claims: Type.Array(Claim),
  /** Who a browser or an unproven reply says to be, without proof: shown beside, and never believed. */
  claimed: Type.Optional(Type.Array(Claim)),
  /** Who said it. */
  origin: Origin,
  /** What the hub did because of a word that nothing proves keeps that word's origin: it is believed no more than its cause. */
  causedBy: Type.Optional(Origin),
  /** Set where more of its kind came than a pack takes of browsers: it is kept, and calls for nothing. */
  overCap: Type.Optional(Type.Literal("peer")),
  /** The door it came in by: a write key's name, a gateway's name, `hub`, `console`, `import`. */
  source: Type.String(),
  channel: Type.Union([
    Type.Literal("web"),
    Type.Literal("mobile"),
    Type.Literal("server"),
    Type.Literal("email"),
    Type.Literal("sms"),
    Type.Literal("voice"),
    Type.Literal("console"),
    Type.Literal("hub"),
  ]),
  /** Of a browser they are claims, shown beside what is known, and believed of nobody. */
  traits: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  /** Traits that the company's own signed token states of a visitor: as good as said by its server. */
  provenTraits: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  /** When the token that states them was issued, epoch milliseconds: said again, it says nothing newer. */
  provenAt: Type.Optional(Type.Number()),
  properties: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  context: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
});
export type Event = Static<typeof Event>;
export type EventKind = Event["kind"];
export type Channel = Event["channel"];
