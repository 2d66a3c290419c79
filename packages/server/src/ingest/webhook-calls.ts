import type { FastifyRequest } from "fastify";

import { BATCH_BYTES, bodyOf, parsed } from "./body-of.ts";
import { queryText } from "./query-calls.ts";

/** The name RudderStack gives to what its generic webhook source hears. */
const NAME = "webhook_source_event";

/** Where other systems say whom it is about, by the field of a call that says so. */
const WHO: readonly [field: "userId" | "anonymousId", names: string[]][] = [
  ["userId", ["userId", "user_id"]],
  ["anonymousId", ["anonymousId", "anonymous_id"]],
];

/**
 * Another system's webhook as calls: each object of the body (JSON, or a form) becomes a `track` with all its fields as
 * properties. Whom it is about is read from the object's own `userId`, `anonymousId`, `email` or `phone`, or from the
 * address. RudderStack makes up a person for each; here what names nobody is set aside with that reason.
 * `webhook-id` (Standard Webhooks) counts once, however often it is sent.
 */
export function webhookCalls(request: FastifyRequest): Record<string, unknown>[] {
  const body = webhookBody(request);
  const webhookId = request.headers["webhook-id"];
  return [body].flat().map((said, index) => {
    const properties = typeof said === "object" && said !== null ? (said as Record<string, unknown>) : { value: said };
    const call: Record<string, unknown> = { type: "track", event: NAME, properties };
    for (const [field, names] of WHO)
      call[field] = names.map((name) => properties[name]).find(isText) ?? queryText(request, field) ?? undefined;
    const { email, phone } = properties;
    if (isText(email) || isText(phone))
      call.context = { traits: { ...(isText(email) && { email }), ...(isText(phone) && { phone }) } };
    if (typeof webhookId === "string") call.messageId = `${webhookId.slice(0, 200)}-${index}`;
    return call;
  });
}

function webhookBody(request: FastifyRequest): unknown {
  const bytes = bodyOf(request, BATCH_BYTES);
  if (!/^application\/x-www-form-urlencoded/i.test(request.headers["content-type"] ?? "")) return parsed(bytes);
  return Object.fromEntries(new URLSearchParams(bytes.toString("utf8")));
}

const isText = (value: unknown): value is string | number =>
  (typeof value === "string" && value !== "") || typeof value === "number";
