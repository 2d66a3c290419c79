import { type Static, Type } from "typebox";

import { At, exactly, Id, nullable } from "./api-shapes.ts";

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
  /**
   * Policies that are paused, because what they `sent` within a day was far more than the `most` they ever had; `waiting`
   * messages are held meanwhile.
   */
  paused: Type.Array(
    Type.Object({
      policy: Type.String(),
      since: At,
      sent: Type.Integer(),
      most: Type.Integer(),
      waiting: Type.Integer(),
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

const Words = Type.String({ minLength: 1, maxLength: 200, pattern: "^[^\\u0000]*$" });
/** Which open letters: `reason` is a part of it in any case, `from` (included) and `to` epoch milliseconds. */
const filter = {
  stage: Type.Optional(Type.Union([Type.Literal("resolve"), Type.Literal("apply")])),
  source: Type.Optional(Words),
  reason: Type.Optional(Words),
  from: Type.Optional(Type.Integer({ minimum: 0, maximum: 8.64e15 })),
  to: Type.Optional(Type.Integer({ minimum: 0, maximum: 8.64e15 })),
};
const LetterNumber = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER });

/** GET /api/dead-letters?stage=&source=&reason=&from=&to=&before=: newest first, 50 at a time. */
export const DeadLetterFilter = Type.Object(
  { ...filter, before: Type.Optional(Type.String({ minLength: 1, maxLength: 4_000 })) },
  exactly,
);
export type DeadLetterFilter = Static<typeof DeadLetterFilter>;

export const DeadLetters = Type.Object({
  letters: Type.Array(
    Type.Object({
      deadLetterId: Type.Integer(),
      at: At,
      stage: Type.String(),
      source: Type.String(),
      reason: Type.String(),
      body: Type.String(),
      /** Whether it can be tried again: all that was known when it came in is kept with it. */
      mayReturn: Type.Boolean(),
    }),
  ),
  /** Where the next page begins; null on the last. */
  before: nullable(Type.String()),
  /** How many match, over all pages, and how many of them can be tried again. Counted up to 10,000. */
  matching: Type.Integer(),
  returnable: Type.Integer(),
});
export type DeadLetters = Static<typeof DeadLetters>;

/**
 * POST /api/dead-letters/resolve sets all that match aside for good, POST /api/dead-letters/return tries those again that
 * can be: only letters below the number `before`, so that none is touched that came after somebody looked. One call does
 * a bounded part, newest first, and answers where to go on; null when nothing is left. The same for one letter:
 * POST /api/dead-letters/:id/resolve and …/return.
 */
export const ManyDeadLetters = Type.Object({ ...filter, before: LetterNumber }, exactly);
export type ManyDeadLetters = Static<typeof ManyDeadLetters>;
export const LettersDone = Type.Object({ done: Type.Integer(), before: nullable(Type.Integer()) });
export type LettersDone = Static<typeof LettersDone>;
