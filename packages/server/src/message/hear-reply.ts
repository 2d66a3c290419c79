import { createHash, createHmac } from "node:crypto";
import type { Event } from "@rapport/contract/event";
import { readAnswer } from "@rapport/engine/message/answer-words";
import { readKeyword, wantsAllStopped } from "@rapport/engine/message/opt-out-words";

import { hasSeen } from "../ingest/index.ts";
import type { Database } from "../platform/database.ts";
import type { HandedOff } from "./handed-off/store.ts";
import { afterHandOffs, keepEvents, type Suppression, suppress, unsuppress } from "./suppress.ts";
import { type Told, whoIsTold } from "./who-is-told.ts";
import type { Replier, Reply } from "./who-replies.ts";

type Parts = { db: Database; secret: string; now: number };

/**
 * Keeps a reply, and does at once what it asks about the address it came from: STOP closes it, before it is acknowledged,
 * START opens it when it is proven. A keyword of somebody the hub does not know by mail makes no customer.
 */
export async function hearReply({ db, secret, now }: Parts, reply: Reply, message: HandedOff | null): Promise<void> {
  const keyword = readKeyword(reply.text);
  const told = await whoIsTold(db, reply, message, keyword.kind, { secret, now });
  const isSigned = reply.senderProof === "dkim" || reply.senderProof === "relay";
  const idOf = (id: string, replier: Told) => replyId(secret, id, isSigned ? { ...replier, claims: [] } : replier);
  const writer = told.at(-1) as Told;
  // An old STOP or START that is sent again must not undo what was said since.
  const isCommand = keyword.kind === "opt-out" || keyword.kind === "opt-in" || keyword.kind === "help";
  const ids = [...(keyword.kind === "none" ? [] : [reply.id]), ...(reply.earlierIds ?? [])];
  if (
    ids.length > 0 &&
    (await hasSeen(
      db,
      ids.map((id) => seenHash(idOf(id, writer))),
    ))
  )
    return;

  const events = told
    .filter(({ isKnown }) => !isCommand || isKnown || told.length > 1)
    .map((replier) => eventOf(reply, replier, { id: idOf(reply.id, replier), now }));
  const { channel, from: address } = reply;
  if (keyword.kind === "opt-out") return suppress(db, secret, optOuts(reply, told, keyword.word), { at: now, events });
  if (keyword.kind === "opt-in" && writer.origin === "person")
    return unsuppress(db, secret, { channel, address }, events);
  // What it answers may be on its way out at this very moment, and stands on the timeline before it.
  if (readAnswer(reply.text) !== null) return afterHandOffs(db, secret, reply, (tx) => keepEvents(tx, events));
  return db.transaction((tx) => keepEvents(tx, events));
}

/**
 * By SMS a STOP closes the number for all but life safety. By mail it closes for marketing, and where it is proven and asks
 * for all of it, for all but life safety. Who answers a letter that was sent to another address means that one, too, unless
 * the hub knows the writer as another customer.
 */
function optOuts({ channel, from, text }: Reply, told: Told[], word: string): Suppression[] {
  const closed = told.flatMap((replier, index) => [
    ...(index === told.length - 1 ? [{ address: from, replier }] : []),
    ...(replier.message && channel === "email" && replier.message.address !== from
      ? [{ address: replier.message.address, replier }]
      : []),
  ]);
  return closed.map(({ address, replier: { origin, proof } }) => {
    const isProven = origin === "person";
    const isForAll = channel === "sms" || (isProven && wantsAllStopped(text));
    const reason = `reply: ${word}${isProven ? "" : ` (not proven: ${proof})`}`;
    return { channel, address, scope: isForAll ? "all" : "marketing", cause: "opt-out", reason };
  });
}

function eventOf(
  { channel, from, text, gateway, at }: Reply,
  { origin, proof, claims, claimed, message }: Told,
  { id, now }: { id: string; now: number },
): Event {
  return {
    id,
    kind: "reply",
    name: "reply",
    at: Math.min(at, now),
    receivedAt: now,
    claims,
    ...(claimed.length > 0 ? { claimed } : {}),
    origin,
    source: gateway,
    channel,
    properties: { channel, from, text, proof, ...(message ? { inReplyTo: message.messageId } : {}) },
  };
}

/**
 * Keyed, and of each origin and timeline its own: nobody takes the id of what another says, before or after, with less proof.
 * A signed letter is one whatever timeline it lands on, as that depends on what its signature need not cover: sent again to
 * another address of ours, or without what it answered, it is heard already.
 */
function replyId(secret: string, id: string, { origin, claims }: Replier): string {
  const said = JSON.stringify(["reply", id, origin, claims]);
  return `reply/${createHmac("sha256", secret).update(said).digest("base64url")}`;
}

const seenHash = (eventId: string): string => createHash("md5").update(eventId).digest("hex");
