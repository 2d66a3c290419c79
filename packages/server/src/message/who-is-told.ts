import { CUSTOMER_KIND } from "@rapport/engine/identity/index";
import type { KeywordReading } from "@rapport/engine/message/opt-out-words";

import type { Sql } from "../platform/database.ts";
import { addressForms } from "./address-hash.ts";
import type { HandedOff } from "./handed-off/store.ts";
import { findHolder } from "./store.ts";
import { type Replier, type Reply, whoReplies } from "./who-replies.ts";

/** Whose timeline a reply stands on, as said by whom, and the message it answers there. */
export type Told = Replier & { message: HandedOff | null };

/**
 * On whose timelines a reply stands; the last one is its writer's. A keyword is about whoever wrote it, also when it answers
 * a letter that was sent to another customer. An opt-out of a writer whom the hub does not know may be the addressee's own,
 * from another mailbox: it is told on both. Consent by text is that of everybody who has the number in any of its forms.
 */
export async function whoIsTold(
  db: Sql,
  reply: Reply,
  message: HandedOff | null,
  keyword: KeywordReading["kind"],
  terms: { secret: string; now: number },
): Promise<Told[]> {
  const replier = { ...(await whoReplies(db, reply, message, terms)), message };
  if (keyword !== "opt-out" && keyword !== "opt-in" && keyword !== "help") return [replier];
  if (reply.channel === "sms") return keyword === "help" ? [replier] : [...(await others(db, replier, reply)), replier];
  if (replier.proof !== "token-elsewhere") return [replier];
  const writer = { ...(await whoReplies(db, reply, null, terms)), message: null };
  if (writer.isKnown) return [writer];
  return keyword === "opt-out" ? [replier, writer] : [replier];
}

/** Customers beside the replier who are known by the same number. */
async function others(db: Sql, replier: Told, { from }: Reply): Promise<Told[]> {
  const said = replier.claims.map(({ kind, value }) => findHolder(db, kind, value));
  const holders = addressForms("sms", from).map((form) => findHolder(db, "phone", form));
  const theirs = new Set(await Promise.all(holders)).difference(new Set([null, ...(await Promise.all(said))]));
  return [...theirs].flatMap((value) =>
    value === null ? [] : [{ ...replier, claims: [{ kind: CUSTOMER_KIND, value }], message: null }],
  );
}
