import { type Static, Type } from "typebox";

import { Origins } from "./origin.ts";
import { PolicyFile } from "./policy-file.ts";

const exactly = { additionalProperties: false };
const Name = Type.String({ pattern: "^[a-z][a-z0-9_-]{0,59}$" });
/** Words by locale; `en` is the last resort. */
const byLocale = <T extends Parameters<typeof Type.Record>[1]>(schema: T) =>
  Type.Record(Type.String({ pattern: "^[a-z]{2}(-[A-Za-z]+)?$" }), schema);

/** A feature computed over a sliding window of a customer's events. */
export const FeatureFile = Type.Object(
  {
    name: Name,
    kind: Type.Union([
      Type.Literal("count"),
      Type.Literal("sum"),
      Type.Literal("last"),
      Type.Literal("distinct"),
      Type.Literal("daily"),
    ]),
    events: Type.Array(Type.String({ minLength: 1, maxLength: 255 }), { minItems: 1 }),
    /** Whose events count; whoever has proven who he is, when nothing is said. */
    from: Type.Optional(Origins),
    property: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
    /** `7d`, `36h`. */
    window: Type.String({ pattern: "^\\d+[hd]$" }),
  },
  exactly,
);

/** The name is that of the event it fires, which features and policies may listen to. */
export const TimerFile = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 100 }),
    on: Type.Array(Type.String({ minLength: 1 }), { minItems: 1 }),
    /** Whose events set it going and stop it; whoever has proven who he is, when nothing is said. */
    from: Type.Optional(Origins),
    after: Type.String({ pattern: "^\\d+[mhd]$" }),
    until: Type.Optional(Type.Array(Type.String({ minLength: 1 }))),
  },
  exactly,
);

/** At most so many in a sliding window. */
const Cap = Type.Object(
  { limit: Type.Integer({ minimum: 1 }), window: Type.String({ pattern: "^\\d+[mhd]$" }) },
  exactly,
);

/**
 * An event that browsers may say, so that policies and timers of the pack can hear it from them. Beyond a cap it is kept, and
 * calls for nothing: by customer, by the address that a message because of it would go to, and by the peer it comes from.
 */
export const BrowserEventFile = Type.Object(
  {
    event: Type.String({ minLength: 1, maxLength: 255 }),
    perCustomer: Type.Optional(Cap),
    perAddress: Type.Optional(Cap),
    perPeer: Type.Optional(Cap),
  },
  exactly,
);

const Amounts = Type.Object(
  { mb: Type.Number({ minimum: 0 }), minutes: Type.Number({ minimum: 0 }), messages: Type.Number({ minimum: 0 }) },
  exactly,
);

/** Tariffs, and how their usage is measured and forecast. */
export const Tariffs = Type.Object(
  {
    /** The trait that names the customer's plan. */
    planTrait: Type.String(),
    /** The `daily` feature that measures each kind of usage. */
    usage: Type.Object({ mb: Name, minutes: Type.Optional(Name), messages: Type.Optional(Name) }, exactly),
    /** The `daily` feature that sums data bought on top, for the month it is bought in. */
    topUpMb: Type.Optional(Name),
    plans: Type.Array(
      Type.Object(
        {
          name: Type.String(),
          monthlyPay: Type.Number(),
          included: Amounts,
          price: Type.Object({ gb: Type.Number(), minute: Type.Number(), message: Type.Number() }, exactly),
        },
        exactly,
      ),
      { minItems: 1 },
    ),
    topUps: Type.Array(Type.Object({ name: Type.String(), gb: Type.Number(), price: Type.Number() }, exactly)),
    /** Cycles after the running one that count when options are priced. */
    futureCycles: Type.Integer({ minimum: 0, maximum: 24 }),
  },
  exactly,
);
export type Tariffs = Static<typeof Tariffs>;

/** A scenario pack: data, not code. What to watch, what to foresee, what to decide, and what to say. */
export const PackFile = Type.Object(
  {
    name: Name,
    version: Type.String({ minLength: 1, maxLength: 50 }),
    title: byLocale(Type.String()),
    /** The benefit it promises, in words; reports show the measured one beside it. */
    expects: byLocale(Type.String()),
    features: Type.Array(FeatureFile),
    tariffs: Type.Optional(Tariffs),
    /** Events that come by themselves: so long after one of `on`, unless one of `until` comes first. */
    timers: Type.Optional(Type.Array(TimerFile)),
    /** What browsers may set going; nothing, when nothing is said. */
    browserEvents: Type.Optional(Type.Array(BrowserEventFile)),
    policies: Type.Array(PolicyFile),
    /** By template name, channel and locale. */
    messages: Type.Record(
      Type.String(),
      Type.Object(
        {
          sms: Type.Optional(byLocale(Type.Object({ text: Type.String({ maxLength: 2_000 }) }, exactly))),
          email: Type.Optional(
            byLocale(
              Type.Object(
                {
                  subject: Type.String({ maxLength: 300 }),
                  text: Type.String({ maxLength: 20_000 }),
                  mjml: Type.Optional(Type.String({ maxLength: 100_000 })),
                },
                exactly,
              ),
            ),
          ),
        },
        exactly,
      ),
    ),
  },
  exactly,
);
export type PackFile = Static<typeof PackFile>;
