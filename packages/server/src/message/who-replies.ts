import { createHmac } from "node:crypto";
import type { Claim } from "@rapport/contract/event";
import { CUSTOMER_KIND, normaliseEmail } from "@rapport/engine/identity/index";

import type { InboundTouch } from "../channel/index.ts";
import type { Sql } from "../platform/database.ts";
import { addressForms } from "./address-hash.ts";
import type { HandedOff } from "./handed-off/store.ts";
import { findHolder } from "./store.ts";

export type Reply = Extract<InboundTouch, { kind: "reply" }>;

/** Who says a reply, and how far that is proven. */
export type Replier = {
  origin: "person" | "claimed-person";
  /** `carrier`, `dkim`, `spf`, `relay`, `token`; of what proves nothing: `token-elsewhere`, `token-expired`, `none`. */
  proof: string;
  /** Whose timeline it belongs on. */
  claims: Claim[];
  /** Who it says to be, without proof. */
  claimed: Claim[];
  /** Whether the hub knows a customer by it. */
  isKnown: boolean;
};

/** A token speaks for the addressee so long after the message was sent, and so long a report counts. */
export const TOKEN_SPEAKS_FOR_MS = 30 * 86_400_000;

/**
 * A text is by whom the carrier says. A mail is proven by its sender's domain, or by the sealed token of the message it
 * answers, thirty days long, from the address that message was sent to: a token from elsewhere tells that the letter was
 * read, not by whom. What nothing proves stands on the timeline of whoever it names, or of a stranger of its own, and
 * links nothing. `message` is what the token names.
 */
export async function whoReplies(
  db: Sql,
  { channel, from, senderProof = null }: Reply,
  message: HandedOff | null,
  { secret, now }: { secret: string; now: number },
): Promise<Replier> {
  const addressee: Claim[] = message ? [{ kind: CUSTOMER_KIND, value: message.customerId }] : [];
  if (channel === "sms") {
    const claims = message ? addressee : [{ kind: "phone", value: await knownForm(db, from) }];
    return { origin: "person", proof: "carrier", claims, claimed: [], isKnown: true };
  }
  const email = normaliseEmail(from) ?? from;
  const claimed = [{ kind: "email", value: email }];
  const holder = await findHolder(db, "email", email);
  if (message) {
    const isSentTo = normaliseEmail(message.address) === email;
    const isFresh = now - message.sentAt.getTime() <= TOKEN_SPEAKS_FOR_MS;
    const isTheirs =
      senderProof !== null && holder !== null && holder === (await findHolder(db, CUSTOMER_KIND, message.customerId));
    if (isTheirs || (isSentTo && (isFresh || senderProof !== null)))
      return { origin: "person", proof: senderProof ?? "token", claims: addressee, claimed: [], isKnown: true };
    const proof = isSentTo ? "token-expired" : "token-elsewhere";
    return { origin: "claimed-person", proof, claims: addressee, claimed, isKnown: true };
  }
  if (senderProof !== null)
    return { origin: "person", proof: senderProof, claims: claimed, claimed: [], isKnown: holder !== null };
  const claims =
    holder === null
      ? [{ kind: "anonymous_id", value: strangerId(secret, email) }]
      : [{ kind: CUSTOMER_KIND, value: holder }];
  return { origin: "claimed-person", proof: "none", claims, claimed, isKnown: holder !== null };
}

/** Of the forms of a number, the first by which the hub knows a customer, else the one that the carrier wrote. */
async function knownForm(db: Sql, from: string): Promise<string> {
  for (const form of addressForms("sms", from)) if ((await findHolder(db, "phone", form)) !== null) return form;
  return from;
}

/** A stranger who writes again is the same stranger. Keyed, so that no browser can say to be that visitor. */
const strangerId = (secret: string, email: string): string =>
  `mail-${createHmac("sha256", secret).update(`stranger:${email}`).digest("base64url")}`;
