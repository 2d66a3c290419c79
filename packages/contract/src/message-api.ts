import { type Static, Type } from "typebox";

import { Id, exactly } from "./api-shapes.ts";

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

/** POST /api/messages/preview: how a text would go by SMS, and what it would cost. Nothing is sent. */
export const PreviewSms = Type.Object({ text: Type.String({ maxLength: 5_000 }) }, exactly);
export const SmsPreview = Type.Object({
  alphabet: Type.Union([Type.Literal("gsm7"), Type.Literal("ucs2")]),
  parts: Type.Integer(),
  /** Characters that still fit into the last part. */
  left: Type.Integer(),
  /** Characters that make every part hold 70 instead of 160, five at most. */
  unlike: Type.Array(Type.String()),
  /** Null where the company has said no price of a part. */
  cost: Type.Union([Type.Object({ amount: Type.Number(), currency: Type.String() }), Type.Null()]),
});
export type SmsPreview = Static<typeof SmsPreview>;
