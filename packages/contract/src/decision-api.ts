import { type Static, Type } from "typebox";

import { At, Id, nullable, exactly, Title } from "./api-shapes.ts";
import { Origin } from "./origin.ts";

/** GET /api/decisions?outcome=&policy=&action=&customerId=&before=: newest first, 50 at a time. */
export const DecisionSummary = Type.Object({
  decisionId: Id,
  customerId: Id,
  customer: nullable(Type.String()),
  at: At,
  policy: Type.String(),
  policyTitle: Title,
  policyVersion: Type.String(),
  trigger: Type.String(),
  outcome: Type.Union([Type.Literal("act"), Type.Literal("nothing")]),
  action: nullable(Type.String()),
  actionTitle: nullable(Title),
  item: nullable(Type.String()),
  channel: nullable(Type.String()),
  /** Why nothing was done. */
  reason: nullable(Type.String()),
});
export type DecisionSummary = Static<typeof DecisionSummary>;
export const DecisionList = Type.Object({
  decisions: Type.Array(DecisionSummary),
  before: nullable(Type.String()),
});
export type DecisionList = Static<typeof DecisionList>;

/** GET /api/policies: what is installed, by name and title. */
export const PolicyList = Type.Object({
  policies: Type.Array(
    Type.Object({
      name: Type.String(),
      title: Title,
      actions: Type.Array(Type.Object({ name: Type.String(), title: Title })),
    }),
  ),
});
export type PolicyList = Static<typeof PolicyList>;

/**
 * POST /api/policies/:policy/resume lets a paused policy go on; what it was paused at is usual from then on.
 * POST /api/policies/:policy/discard ends what waits for it, and what it planned for later, as suppressed: a part a call,
 * until `isDone`. It stays paused.
 */
export const PolicyNamed = Type.Object({
  policy: Type.String({ minLength: 1, maxLength: 100, pattern: "^[A-Za-z0-9][A-Za-z0-9_.:-]*$" }),
});
export const Discarded = Type.Object({ discarded: Type.Integer(), isDone: Type.Boolean() });
export type Discarded = Static<typeof Discarded>;

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
  policy: Type.Object({ name: Type.String(), version: Type.String(), title: Title, currency: Type.String() }),
  trigger: nullable(Type.String()),
  /** As whose word the trigger was believed; null in records from before origins. */
  origin: nullable(Origin),
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
      title: Title,
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
  /** Whether a complaint or a ticket of the customer was open. */
  openComplaint: Type.Boolean(),
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
    at: Type.Optional(Type.Number({ minimum: 0, maximum: 8_640_000_000_000_000 })),
    openComplaint: Type.Optional(Type.Boolean()),
    /** `purpose/channel` to status. */
    consent: Type.Optional(
      Type.Record(Type.String({ maxLength: 60 }), Type.Union([Type.Literal("granted"), Type.Literal("withdrawn")])),
    ),
  },
  exactly,
);
export type WhatIf = Static<typeof WhatIf>;
