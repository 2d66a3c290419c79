import { type Static, Type } from "typebox";

import { At, Id, nullable, exactly } from "./api-shapes.ts";
import { Event } from "./event.ts";

/**
 * GET /api/customers?q=&cursor=: by the beginning of a name, an e-mail address, a number or an id; all of them in the order of
 * their homes without q. A page may have fewer than 50; there are more as long as `cursor` is not null.
 */
export const CustomerSummary = Type.Object({
  customerId: Id,
  name: nullable(Type.String()),
  email: nullable(Type.String()),
  phone: nullable(Type.String()),
  lastSeenAt: At,
  events: Type.Integer(),
});
export type CustomerSummary = Static<typeof CustomerSummary>;
export const CustomerList = Type.Object({ customers: Type.Array(CustomerSummary), cursor: nullable(Type.String()) });
export type CustomerList = Static<typeof CustomerList>;

const Stated = Type.Object({ value: Type.Unknown(), at: At, by: Type.String() });

/** GET /api/customers/:customerId */
export const Customer = Type.Object({
  customerId: Id,
  /** Set when this customer has become part of another: look there. */
  mergedInto: nullable(Id),
  name: nullable(Type.String()),
  email: nullable(Type.String()),
  phone: nullable(Type.String()),
  zone: nullable(Type.String()),
  locale: nullable(Type.String()),
  firstSeenAt: At,
  lastSeenAt: At,
  events: Type.Integer(),
  identifiers: Type.Array(Type.Object({ kind: Type.String(), value: Type.String() })),
  /** Customers that were merged into this one and can be set apart again. */
  merges: Type.Array(Type.Object({ from: Id, at: At, identifiers: Type.Array(Type.String()) })),
  traits: Type.Record(Type.String(), Stated),
  /** What a browser stated of its visitor without proof: nothing is done because of it until somebody confirms it. */
  claimed: Type.Record(Type.String(), Stated),
  /** Who a browser said to be, without proof. */
  claimedToBe: Type.Array(Type.Object({ kind: Type.String(), value: Type.String(), at: At })),
  /** Visitors who said, without proof, to be this customer; the last twenty. */
  visits: Type.Array(
    Type.Object({ visitorId: Id, kind: Type.String(), value: Type.String(), firstAt: At, lastAt: At }),
  ),
  consent: Type.Array(
    Type.Object({
      purpose: Type.String(),
      channel: Type.String(),
      status: Type.Union([Type.Literal("granted"), Type.Literal("withdrawn")]),
      at: At,
      source: Type.String(),
      text: nullable(Type.String()),
      ip: nullable(Type.String()),
    }),
  ),
  /**
   * May we, as it stands now, by every installed policy that has a rule for the purpose? `said` is the statement that
   * settles it (`marketing/*`), null when nothing was said and the rule's default holds.
   */
  consentNow: Type.Array(
    Type.Object({
      purpose: Type.String(),
      channel: Type.String(),
      may: Type.Boolean(),
      said: nullable(Type.String()),
      /** The law or decision that the default comes from; null when no rule speaks of the purpose. */
      source: nullable(Type.String()),
    }),
  ),
  /** Complaints and tickets that are open: nobody is sold to meanwhile. */
  complaints: Type.Array(Type.Object({ number: Type.String(), since: At })),
  /** How this customer is reached, as learned from what came back; by the first installed policy's terms. */
  reach: Type.Array(
    Type.Object({
      channel: Type.String(),
      /** P(reached) for each local hour. */
      byHour: Type.Array(Type.Number()),
      expected: Type.Number(),
      contacts: Type.Integer(),
      reached: Type.Integer(),
    }),
  ),
  features: Type.Array(
    Type.Object({ name: Type.String(), kind: Type.String(), windowMs: Type.Number(), value: Type.Unknown() }),
  ),
  ledger: Type.Object({
    contacts: Type.Array(
      Type.Object({
        messageId: Type.String(),
        channel: Type.String(),
        purpose: Type.String(),
        at: At,
        state: Type.Union([Type.Literal("reserved"), Type.Literal("committed"), Type.Literal("released")]),
      }),
    ),
    caps: Type.Array(
      Type.Object({ name: Type.String(), limit: Type.Integer(), windowMs: Type.Number(), used: Type.Integer() }),
    ),
  }),
});
export type Customer = Static<typeof Customer>;

/**
 * POST /api/customers/:customerId/claims/confirm: a colleague's word that what a browser claimed is so. `value` is what the
 * colleague has read: 409 when the browser has said something else since.
 */
export const ConfirmClaim = Type.Object(
  { trait: Type.String({ minLength: 1, maxLength: 255 }), value: Type.Unknown() },
  exactly,
);
export type ConfirmClaim = Static<typeof ConfirmClaim>;

/** GET /api/customers/:customerId/timeline?before=&channel=&kind=: newest first, 50 at a time. */
export const Timeline = Type.Object({ events: Type.Array(Event), before: nullable(Type.String()) });
export type Timeline = Static<typeof Timeline>;

/** GET /api/customers/:customerId/forecasts: one for each usage the installed packs forecast; empty when none do. */
export const Forecast = Type.Object({
  name: Type.String(),
  unit: Type.String(),
  cycle: Type.Object({ from: At, to: At }),
  /** The plan's allowance; null when there is none. */
  allowance: nullable(Type.Number()),
  plan: nullable(Type.String()),
  /** Running total by day so far, days of the cycle from 1. */
  soFar: Type.Array(Type.Object({ day: Type.Integer(), total: Type.Number() })),
  /** Running total as foreseen for each day left, with its 80 % interval. */
  ahead: Type.Array(
    Type.Object({ day: Type.Integer(), median: Type.Number(), low: Type.Number(), high: Type.Number() }),
  ),
  /** The same cycle, last time. */
  lastCycle: Type.Array(Type.Object({ day: Type.Integer(), total: Type.Number() })),
  median: Type.Number(),
  low80: Type.Number(),
  high80: Type.Number(),
  probabilityAbove: nullable(Type.Number()),
  /** What each way to go on would cost over this cycle and the coming ones, cheapest first. */
  options: Type.Array(
    Type.Object({
      kind: Type.String(),
      name: Type.String(),
      costThisCycle: Type.Number(),
      expectedCost: Type.Number(),
      savingExpected: Type.Number(),
    }),
  ),
});
export type Forecast = Static<typeof Forecast>;
export const Forecasts = Type.Object({ forecasts: Type.Array(Forecast), currency: Type.String() });
export type Forecasts = Static<typeof Forecasts>;

/** POST /api/customers/:customerId/consent */
export const ConsentChange = Type.Object(
  {
    purpose: Type.Union([
      Type.Literal("marketing"),
      Type.Literal("service"),
      Type.Literal("survey"),
      Type.Literal("profiling"),
    ]),
    channel: Type.Union([
      Type.Literal("*"),
      Type.Literal("email"),
      Type.Literal("sms"),
      Type.Literal("voice"),
      Type.Literal("push"),
      Type.Literal("chat"),
    ]),
    status: Type.Union([Type.Literal("granted"), Type.Literal("withdrawn")]),
    /** How the customer said so. */
    source: Type.String({ minLength: 1, maxLength: 200 }),
  },
  exactly,
);
export type ConsentChange = Static<typeof ConsentChange>;

/** POST /api/customers/:customerId/unmerge: undo the merge of `from` into this customer. Answers 202; takes effect in a moment. */
export const Unmerge = Type.Object({ from: Id }, exactly);
export type Unmerge = Static<typeof Unmerge>;
