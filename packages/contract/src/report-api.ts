import { type Static, Type } from "typebox";

import { At, Id, nullable } from "./api-shapes.ts";

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
