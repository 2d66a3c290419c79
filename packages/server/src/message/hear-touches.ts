import { createHash } from "node:crypto";
import type { Claim, Event } from "@rapport/contract/event";
import { readKeyword } from "@rapport/engine/message/opt-out-words";

import type { Hear, InboundTouch } from "../channel/index.ts";
import { hasSeen } from "../ingest/index.ts";
import type { Clock } from "../platform/clock.ts";
import type { Database } from "../platform/database.ts";
import { findHandedOff } from "./store.ts";
import { keepEvents, suppress, unsuppress } from "./suppress.ts";

type Parts = { db: Database; clock: Clock; secret: string; wakeResolver: () => void };

/** Receipts and replies may overtake the record of their own hand-off: so often, and so long apart, is it looked for. */
const LOOKS = [0, 50, 200, 500];

/**
 * Turns what comes back over the channels into events like any other, and answers when they are committed. An opt-out,
 * a hard bounce and a complaint close the address before they are acknowledged.
 */
export function hearTouches({ db, clock, secret, wakeResolver }: Parts): Hear {
  return async (touches) => {
    for (const touch of touches) await hearOne(touch);
    wakeResolver();
  };

  async function hearOne(touch: InboundTouch): Promise<void> {
    const message = await locate(touch);
    const event = eventOf(touch, message, clock.now());
    if (event === null) return;
    switch (touch.kind) {
      case "reply": {
        const keyword = readKeyword(touch.text);
        const { channel, from: address } = touch;
        // An old STOP or START that is sent again must not undo what was said since.
        const ids = [...(keyword.kind === "none" ? [] : [touch.id]), ...(touch.earlierIds ?? [])];
        if (ids.length > 0 && (await hasSeen(db, ids.map(seenHash)))) return;
        if (keyword.kind === "opt-out") {
          const scope = channel === "sms" ? "all" : "marketing";
          return suppress(db, secret, { channel, address, scope, reason: `reply: ${keyword.word}` }, [event]);
        }
        if (keyword.kind === "opt-in") return unsuppress(db, secret, channel, address, [event]);
        return db.transaction((tx) => keepEvents(tx, [event]));
      }
      case "bounce":
        // Without our sealed key it is hearsay: anybody can write a bounce.
        if (message && touch.hard && touch.address) {
          return suppress(
            db,
            secret,
            { channel: "email", address: touch.address, scope: "all", reason: `bounce: ${touch.reason}` },
            [event],
          );
        }
        return db.transaction((tx) => keepEvents(tx, [event]));
      case "complaint":
        if (message && touch.address)
          return suppress(db, secret, { channel: "email", address: touch.address, scope: "all", reason: "complaint" }, [
            event,
          ]);
        return db.transaction((tx) => keepEvents(tx, [event]));
      case "receipt":
        return db.transaction((tx) => keepEvents(tx, [event]));
    }
  }

  async function locate(touch: InboundTouch): Promise<Located> {
    const key = touch.kind === "reply" ? touch.inReplyToKey : touch.key;
    for (const wait of LOOKS) {
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
      const found = key
        ? await findHandedOff(db, "key", key)
        : touch.kind === "receipt" && touch.providerId
          ? await findHandedOff(db, touch.gateway, touch.providerId)
          : null;
      if (found || touch.kind !== "receipt") return found;
    }
    return null;
  }
}

type Located = { customerId: string; messageId: string } | null;

/** Null when it is about nobody we know of: a receipt for a message that is not ours. */
function eventOf(touch: InboundTouch, message: Located, now: number): Event | null {
  const claims: Claim[] = message ? [{ kind: "customer", value: message.customerId }] : [];
  const base = {
    at: Math.min(touch.at, now),
    receivedAt: now,
    origin: touch.kind === "reply" ? "person" : "provider",
    source: touch.gateway,
  } as const;
  switch (touch.kind) {
    case "reply": {
      const { channel, from, text, id } = touch;
      const address = { kind: channel === "email" ? "email" : "phone", value: from };
      const properties = { channel, from, text, ...(message ? { inReplyTo: message.messageId } : {}) };
      return {
        ...base,
        id: idFor("reply", id),
        kind: "reply",
        name: "reply",
        claims: claims.length > 0 ? claims : [address],
        channel,
        properties,
      };
    }
    case "receipt":
      return message && statusEvent(base, claims, message, touch.status, touch.reason);
    case "bounce":
      if (message)
        return statusEvent({ ...base, at: touch.at }, claims, message, touch.hard ? "failed" : "bounced", touch.reason);
      return touch.address
        ? {
            ...base,
            id: idFor("bounce", touch.id),
            kind: "message",
            name: "message.bounced",
            claims: [{ kind: "email", value: touch.address }],
            channel: "email",
            properties: { reason: touch.reason },
          }
        : null;
    case "complaint":
      if (!touch.address && !message) return null;
      return {
        ...base,
        id: idFor("complaint", touch.id),
        kind: "message",
        name: "message.complained",
        claims: claims.length > 0 ? claims : [{ kind: "email", value: touch.address ?? "" }],
        channel: "email",
        properties: {},
      };
  }
}

function statusEvent(
  base: Pick<Event, "at" | "receivedAt" | "origin" | "source">,
  claims: Claim[],
  message: { messageId: string },
  status: string,
  reason: string | null,
): Event {
  const { messageId } = message;
  return {
    ...base,
    id: `${messageId}/${status}`,
    kind: "message",
    name: `message.${status}`,
    claims,
    channel: "hub",
    properties: { messageId, status, ...(reason ? { reason } : {}) },
  };
}

const seenHash = (replyId: string): string => createHash("md5").update(idFor("reply", replyId)).digest("hex");
const idFor = (kind: string, id: string): string => `${kind}/${createHash("sha256").update(id).digest("base64url")}`;
