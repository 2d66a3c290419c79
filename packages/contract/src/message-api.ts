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
