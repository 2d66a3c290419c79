import { type Static, Type } from "typebox";

import { Event } from "./event.ts";

/** Epoch milliseconds. */
const At = Type.Number({ description: "epoch milliseconds" });
const Id = Type.String({ format: "uuid" });
const nullable = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) => Type.Union([schema, Type.Null()]);
const exactly = { additionalProperties: false };

/** RFC 9457. `type` is a stable code such as `customer/not-found`; `errors` name fields. */
export const Problem = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  detail: Type.Optional(Type.String()),
  errors: Type.Optional(Type.Array(Type.Object({ field: Type.String(), message: Type.String() }))),
});
export type Problem = Static<typeof Problem>;

export const Role = Type.Union([
  Type.Literal("admin"),
  Type.Literal("manager"),
  Type.Literal("agent"),
  Type.Literal("viewer"),
]);
export type Role = Static<typeof Role>;

export const Staff = Type.Object({ staffId: Id, email: Type.String(), name: Type.String(), role: Role });
export type Staff = Static<typeof Staff>;

/** POST /api/session */
export const SignIn = Type.Object(
  { email: Type.String({ maxLength: 255 }), password: Type.String({ minLength: 1, maxLength: 256 }) },
  exactly,
);
export type SignIn = Static<typeof SignIn>;

/** POST /api/session/claim: a one-time sign-in, with the password to sign in by from now on. */
export const Claim = Type.Object(
  { token: Type.String({ minLength: 20, maxLength: 100 }), password: Type.String({ minLength: 10, maxLength: 256 }) },
  exactly,
);
export type Claim = Static<typeof Claim>;

/** GET /api/session; POST answers it too. */
export const Session = Type.Object({
  staff: Staff,
  company: Type.Object({ name: Type.String(), zone: Type.String() }),
});
export type Session = Static<typeof Session>;

/** GET /api/pulse, and each `pulse` event of GET /api/pulse/stream (server-sent events, one a second). */
export const Pulse = Type.Object({
  at: At,
  /** By metric (`event.track`, `decision.act`, `decision.nothing`, `message.sent`, …): sums of the last 60 minutes, oldest first. */
  minutes: Type.Array(Type.Object({ at: At, sums: Type.Record(Type.String(), Type.Number()) })),
  perSecond: Type.Object({
    accepted: Type.Number(),
    applied: Type.Number(),
    decided: Type.Number(),
    handedOff: Type.Number(),
  }),
  lag: Type.Object({
    /** Accepted, not yet resolved. */
    unresolved: Type.Integer(),
    /** Resolved, not yet applied. */
    unapplied: Type.Integer(),
    /** Messages whose time has come and that no gateway has taken. */
    unsent: Type.Integer(),
    oldestMs: Type.Number(),
    partitions: Type.Array(
      Type.Object({ partition: Type.Integer(), events: Type.Integer(), owner: nullable(Type.String()) }),
    ),
  }),
  gateways: Type.Array(
    Type.Object({
      name: Type.String(),
      channel: Type.String(),
      state: Type.Union([Type.Literal("closed"), Type.Literal("open"), Type.Literal("half-open")]),
      perSecond: Type.Number(),
    }),
  ),
  deadLetters: Type.Integer(),
  customers: Type.Integer(),
  /** What is happening now, newest first, at most 30. */
  now: Type.Array(
    Type.Object({
      at: At,
      customerId: Id,
      customer: Type.String(),
      kind: Type.String(),
      name: Type.String(),
      channel: Type.String(),
      detail: Type.Record(Type.String(), Type.Unknown()),
    }),
  ),
});
export type Pulse = Static<typeof Pulse>;

/** GET /api/customers?q=&cursor=: by the beginning of a name, an e-mail address, a number or an id; newest seen first without q. */
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

/** GET /api/decisions?outcome=&policy=&action=&customerId=&before=: newest first, 50 at a time. */
export const DecisionSummary = Type.Object({
  decisionId: Id,
  customerId: Id,
  customer: nullable(Type.String()),
  at: At,
  policy: Type.String(),
  policyVersion: Type.String(),
  trigger: Type.String(),
  outcome: Type.Union([Type.Literal("act"), Type.Literal("nothing")]),
  action: nullable(Type.String()),
  item: nullable(Type.String()),
  channel: nullable(Type.String()),
  /** Why nothing was done. */
  reason: nullable(Type.String()),
});
export type DecisionSummary = Static<typeof DecisionSummary>;
export const DecisionList = Type.Object({
  decisions: Type.Array(DecisionSummary),
  before: nullable(Type.String()),
  policies: Type.Array(Type.String()),
});
export type DecisionList = Static<typeof DecisionList>;

const Reason = Type.Object({
  code: Type.String(),
  params: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()])),
});
const Told = Type.Object({
  code: Type.String(),
  params: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()])),
  text: Type.String(),
});

/** GET /api/customers/:customerId/decisions/:decisionId. Also what POST …/what-if answers (decisionId as asked). */
export const DecisionTold = Type.Object({
  decisionId: Id,
  customerId: Id,
  customer: nullable(Type.String()),
  at: At,
  policy: Type.Object({ name: Type.String(), version: Type.String(), title: Type.String(), currency: Type.String() }),
  trigger: nullable(Type.String()),
  outcome: Type.Union([
    Type.Object({
      kind: Type.Literal("act"),
      action: Type.String(),
      item: nullable(Type.String()),
      mustSend: Type.Boolean(),
      purpose: Type.String(),
      channel: Type.String(),
      at: At,
      score: Type.Number(),
    }),
    Type.Object({ kind: Type.Literal("nothing"), reason: Reason }),
  ]),
  /** The decision told in sentences: a stable code with parameters for each language, and the English. */
  why: Type.Array(Told),
  /** The chosen one first, then by score, then the removed ones. */
  candidates: Type.Array(
    Type.Object({
      action: Type.String(),
      title: Type.String(),
      item: nullable(Type.String()),
      removedBy: nullable(Type.Object({ filter: Type.String(), reason: Reason, text: Type.String() })),
      factors: nullable(
        Type.Object({
          success: Type.Number(),
          valueToCompany: Type.Number(),
          valueToCustomer: Type.Number(),
          weight: Type.Number(),
        }),
      ),
      score: nullable(Type.Number()),
      ways: Type.Array(Type.Unknown()),
    }),
  ),
  unlisted: Type.Integer(),
  /** The facts that were read, by path (`features.data_mb`), and can be changed in a what-if. */
  facts: Type.Record(Type.String(), Type.Unknown()),
  /** The message it led to, if it did. */
  message: nullable(
    Type.Object({
      messageId: Id,
      channel: Type.String(),
      address: Type.String(),
      status: Type.String(),
      log: Type.Array(Type.Object({ status: Type.String(), at: At })),
      subject: nullable(Type.String()),
      text: nullable(Type.String()),
    }),
  ),
});
export type DecisionTold = Static<typeof DecisionTold>;

/** POST /api/customers/:customerId/decisions/:decisionId/what-if: nothing is kept and nobody is contacted. */
export const WhatIf = Type.Object(
  {
    /** Facts by path, as `DecisionTold.facts` names them. */
    facts: Type.Optional(Type.Record(Type.String({ maxLength: 200 }), Type.Unknown())),
    at: Type.Optional(At),
    /** `purpose/channel` to status. */
    consent: Type.Optional(
      Type.Record(Type.String({ maxLength: 60 }), Type.Union([Type.Literal("granted"), Type.Literal("withdrawn")])),
    ),
  },
  exactly,
);
export type WhatIf = Static<typeof WhatIf>;

/** POST /api/messages, with an `Idempotency-Key` header: one message to one customer, under all the rules. */
export const SendMessage = Type.Object(
  {
    customerId: Id,
    channel: Type.Union([Type.Literal("email"), Type.Literal("sms")]),
    purpose: Type.Union([Type.Literal("marketing"), Type.Literal("service"), Type.Literal("survey")]),
    subject: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    text: Type.String({ minLength: 1, maxLength: 5_000 }),
  },
  exactly,
);
export type SendMessage = Static<typeof SendMessage>;
export const MessageAccepted = Type.Object({ messageId: Id });
export type MessageAccepted = Static<typeof MessageAccepted>;

export const ApiKeyScope = Type.Union([Type.Literal("write"), Type.Literal("read"), Type.Literal("admin")]);
/** GET /api/keys; POST /api/keys answers one with `secret`, shown this once. DELETE /api/keys/:apiKeyId revokes. */
export const ApiKey = Type.Object({
  apiKeyId: Id,
  name: Type.String(),
  scope: ApiKeyScope,
  prefix: Type.String(),
  createdBy: Type.String(),
  createdAt: At,
  revokedAt: nullable(At),
});
export type ApiKey = Static<typeof ApiKey>;
export const NewApiKey = Type.Object(
  { name: Type.String({ minLength: 1, maxLength: 100 }), scope: ApiKeyScope },
  exactly,
);
export type NewApiKey = Static<typeof NewApiKey>;
export const ApiKeyShown = Type.Object({ key: ApiKey, secret: Type.String() });
export type ApiKeyShown = Static<typeof ApiKeyShown>;
export const ApiKeyList = Type.Object({ keys: Type.Array(ApiKey) });
export type ApiKeyList = Static<typeof ApiKeyList>;

/** GET /api/audit?before= */
export const AuditList = Type.Object({
  entries: Type.Array(
    Type.Object({
      position: Type.Integer(),
      at: At,
      actor: Type.String(),
      action: Type.String(),
      subject: Type.String(),
      detail: Type.Unknown(),
    }),
  ),
  before: nullable(Type.Integer()),
});
export type AuditList = Static<typeof AuditList>;

/** GET /api/dead-letters; POST /api/dead-letters/:id/resolve sets one aside for good. */
export const DeadLetters = Type.Object({
  letters: Type.Array(
    Type.Object({
      deadLetterId: Type.Integer(),
      at: At,
      stage: Type.String(),
      source: Type.String(),
      reason: Type.String(),
      body: Type.String(),
    }),
  ),
});
export type DeadLetters = Static<typeof DeadLetters>;

/** POST /api/segments/count */
export const SegmentQuestion = Type.Object({ condition: Type.String({ minLength: 1, maxLength: 4_000 }) }, exactly);
export type SegmentQuestion = Static<typeof SegmentQuestion>;
export const SegmentCount = Type.Object({ count: Type.Integer() });
export type SegmentCount = Static<typeof SegmentCount>;
