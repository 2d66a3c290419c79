import { createHash } from "node:crypto";
import { MessageAccepted, PreviewSms, SendMessage, SmsPreview } from "@rapport/contract/api";
import type { Event } from "@rapport/contract/event";
import { addressesOf } from "@rapport/engine/loop/index";
import { smsSize } from "@rapport/engine/message/sms-segments";
import { Type } from "typebox";

import { appendAudit, beginIdempotent, endIdempotent, forgetIdempotent } from "../access/index.ts";
import { partitionOf } from "../partition/index.ts";
import type { Clock } from "../platform/clock.ts";
import type { Database } from "../platform/database.ts";
import type { App } from "../platform/http/app.ts";
import { Refused } from "../platform/http/problem.ts";
import { findHandedOff } from "./handed-off/store.ts";
import { findAddressee, insertDirect } from "./store.ts";
import { keepEvents, suppress } from "./suppress.ts";
import { openUnsubscribeToken } from "./unsubscribe-token.ts";
import { unsubscribePage } from "./unsubscribe-page.ts";

export type Price = { amount: number; currency: string };

type Parts = {
  db: Database;
  clock: Clock;
  secret: string;
  /** The company's. */
  zones: readonly string[];
  /** Of one part of an SMS. */
  smsPrice: Price | null;
  wakeResolver: () => void;
  wakeSenders: () => void;
};

const CONVERSATION = 2;
const DAY_MS = 86_400_000;
const token = Type.Object({ token: Type.String({ maxLength: 120 }) });

/** Messages written by people and programs, and the links that every marketing mail carries. */
export async function messageRoutes(
  app: App,
  { db, clock, secret, zones, smsPrice, wakeResolver, wakeSenders }: Parts,
): Promise<void> {
  app.post(
    "/api/messages",
    {
      config: { access: { kind: "staff", role: "agent", scope: "admin" } },
      schema: {
        headers: Type.Object({ "idempotency-key": Type.Optional(Type.String({ minLength: 1, maxLength: 200 })) }),
        body: SendMessage,
        response: { 202: MessageAccepted },
      },
    },
    async (request, reply) => {
      const actor = request.actor?.name ?? "";
      const key = request.headers["idempotency-key"];
      if (!key) throw new Refused("idempotency/key-needed", "give an Idempotency-Key header: the same key sends once");
      const hash = createHash("sha256").update(JSON.stringify(request.body)).digest();
      const before = await beginIdempotent(db, actor, key, hash, new Date(clock.now()));
      if (before && !before.requestHash.equals(hash))
        throw new Refused("idempotency/other-body", "this key was used with another body");
      if (before && before.status === null)
        throw new Refused("idempotency/under-way", "the same request is under way", { retryAfterSeconds: 1 });
      if (before) return reply.status(202).send(before.response as MessageAccepted);
      try {
        const answer = await send(request.body, messageIdOf(actor, key, hash));
        // Before the key is used up: what is asked again then, after a fault here, is told in the log again rather than never.
        await appendAudit(db, {
          at: new Date(clock.now()),
          actor,
          action: "message.sent",
          subject: answer.messageId,
          detail: { customerId: request.body.customerId, channel: request.body.channel },
        });
        await endIdempotent(db, actor, key, STATUS_ACCEPTED, answer);
        wakeResolver();
        wakeSenders();
        return reply.status(202).send(answer);
      } catch (fault) {
        await forgetIdempotent(db, actor, key);
        throw fault;
      }
    },
  );

  app.post(
    "/api/messages/preview",
    {
      config: { access: { kind: "staff", role: "agent", scope: "admin" } },
      schema: { body: PreviewSms, response: { 200: SmsPreview } },
    },
    async ({ body }) => {
      const size = smsSize(body.text);
      return { ...size, cost: smsPrice && { ...smsPrice, amount: size.parts * smsPrice.amount } };
    },
  );

  async function send(
    { customerId, channel, purpose, subject, text }: SendMessage,
    messageId: string,
  ): Promise<MessageAccepted> {
    const partition = partitionOf(customerId);
    const profile = await findAddressee(db, partition, customerId);
    if (!profile) throw new Refused("customer/not-found", "there is no such customer");
    const address = addressesOf(profile, zones)[channel];
    if (!address) throw new Refused("message/no-address", `this customer has no address for ${channel}`);
    const now = clock.now();
    const planned: Event = {
      id: `${messageId}/planned`,
      kind: "message",
      name: "message.planned",
      at: now,
      receivedAt: now,
      claims: [{ kind: "customer", value: customerId }],
      origin: "staff",
      source: "console",
      channel: "console",
      properties: { messageId, channel, purpose, status: "planned" },
    };
    await db.transaction(async (tx) => {
      const body = {
        kind: "direct",
        policy: null,
        mustSend: false,
        locale: "en",
        subject: subject ?? null,
        text,
      } as const;
      await insertDirect(tx, {
        partition,
        customerId,
        messageId,
        lane: CONVERSATION,
        channel,
        purpose,
        address,
        at: new Date(now),
        expiresAt: new Date(now + DAY_MS),
        body,
      });
      await keepEvents(tx, [planned]);
    });
    return { messageId };
  }

  // RFC 8058: a POST without cookies or a second click unsubscribes; a GET changes nothing, as scanners follow every link.
  app.get(
    "/u/:token",
    { config: { access: { kind: "public", why: "an unsubscribe page, by sealed link" } }, schema: { params: token } },
    async (request, reply) => {
      const found = openUnsubscribeToken(secret, request.params.token) !== null;
      return reply
        .status(found ? 200 : 404)
        .type("text/html; charset=utf-8")
        .send(unsubscribePage(found ? "ask" : "unknown", request.headers["accept-language"] ?? ""));
    },
  );
  await app.register((door, _options, done) => {
    door.removeAllContentTypeParsers();
    door.addContentTypeParser("*", { parseAs: "string", bodyLimit: 4_096 }, (_request, body, done) => done(null, body));
    door.post(
      "/u/:token",
      { config: { access: { kind: "public", why: "one-click unsubscribe (RFC 8058), by sealed link" } } },
      async (request, reply) => {
        const key = openUnsubscribeToken(secret, (request.params as { token: string }).token);
        const message = key ? await findHandedOff(db, "key", key) : null;
        reply.type("text/html; charset=utf-8");
        if (!key || !message)
          return reply.status(404).send(unsubscribePage("unknown", request.headers["accept-language"] ?? ""));
        await unsubscribe(key, message);
        wakeResolver();
        return reply.status(200).send(unsubscribePage("done", request.headers["accept-language"] ?? ""));
      },
    );
    done();
  });

  function unsubscribe(key: string, { customerId, address }: { customerId: string; address: string }): Promise<void> {
    const now = clock.now();
    const event: Event = {
      // Each click counts, as consent may have been given again since; of many in one second, one does.
      id: `unsubscribe/${key}/${Math.floor(now / 1_000)}`,
      kind: "consent",
      name: "consent",
      at: now,
      receivedAt: now,
      claims: [{ kind: "customer", value: customerId }],
      origin: "person",
      source: "unsubscribe-link",
      channel: "email",
      properties: {
        purpose: "marketing",
        channel: "email",
        status: "withdrawn",
        source: "one-click unsubscribe (RFC 8058)",
      },
    };
    const terms = { channel: "email", address, scope: "marketing", cause: "opt-out" } as const;
    return suppress(db, secret, [{ ...terms, reason: "one-click unsubscribe" }], { at: now, events: [event] });
  }
}

const STATUS_ACCEPTED = 202;

/** The same request of the same caller is the same message, also when its answer was lost on the way to the database. */
function messageIdOf(actor: string, key: string, requestHash: Buffer): string {
  const hex = createHash("sha256")
    .update(JSON.stringify([actor, key]))
    .update(requestHash)
    .digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
