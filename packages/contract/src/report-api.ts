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
    /** The longest that anything has waited at any stage before the gateways. */
    oldestMs: Type.Number(),
    oldestUnresolvedMs: Type.Number(),
    /** `waitingMs`: how long its oldest event has waited, to within a look of the watch. */
    partitions: Type.Array(
      Type.Object({
        partition: Type.Integer(),
        events: Type.Integer(),
        waitingMs: Type.Number(),
        owner: nullable(Type.String()),
      }),
    ),
    /** Of `unsent`, by channel. */
    channels: Type.Array(Type.Object({ channel: Type.String(), unsent: Type.Integer(), oldestMs: Type.Number() })),
  }),
  gateways: Type.Array(
    Type.Object({
      name: Type.String(),
      channel: Type.String(),
      /** The breaker's; `down`: it is not linked to its provider, or no process works on it any more. */
      state: Type.Union([
        Type.Literal("closed"),
        Type.Literal("open"),
        Type.Literal("half-open"),
        Type.Literal("down"),
      ]),
      /** Hand-offs that failed in a row. */
      faults: Type.Integer(),
      perSecond: Type.Number(),
    }),
  ),
  deadLetters: Type.Integer(),
  /** Of those, how many came within the last hour. */
  newDeadLetters: Type.Integer(),
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

/**
 * GET /api/dead-letters?before=: newest first, 50 at a time. POST /api/dead-letters/:id/resolve sets one aside for good; POST …/return gives one that could not
 * be applied back to its partition, to be tried again.
 */
export const DeadLetters = Type.Object({
  letters: Type.Array(
    Type.Object({
      deadLetterId: Type.Integer(),
      at: At,
      stage: Type.String(),
      source: Type.String(),
      reason: Type.String(),
      body: Type.String(),
      /** Whether it can be given back: the hub knew whose it was. */
      mayReturn: Type.Boolean(),
    }),
  ),
  before: nullable(Type.String()),
});
export type DeadLetters = Static<typeof DeadLetters>;
