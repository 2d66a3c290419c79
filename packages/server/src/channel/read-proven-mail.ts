import { createHash } from "node:crypto";

import { peerOf } from "../platform/peer-of.ts";
import type { InboundTouch } from "./gateway.ts";
import { headOf, onlyField } from "./mail-head.ts";
import type { MailRoom } from "./mail-room.ts";
import { proveSender } from "./prove-sender.ts";
import type { IncomingMail, MailReading } from "./read-mail.ts";
import { type Envelope, gatherEvidence, isOneOf, type MailTrust } from "./sender-evidence.ts";
import type { SignedBy } from "./signed-by.ts";

export type ProvenMailReading = MailReading & { room: MailRoom; trust: MailTrust };

/**
 * What a mail tells, and of a reply, whether its sender is proven. The envelope is null where a mailbox was read. Throws
 * `UnreadableMail`.
 */
export async function readProvenMail(
  mail: IncomingMail,
  envelope: Envelope | null,
  { room, trust, gateway, domain, secret }: ProvenMailReading,
): Promise<InboundTouch[]> {
  const head = headOf(mail.raw);
  const evidence = await gatherEvidence(head, envelope, { trust, domain, now: mail.receivedAt });
  const job = { mail, head, reading: { gateway, domain, secret }, keys: evidence.keys };
  const { touches, signed } = await room.read(job, bringerOf(envelope, trust));
  return Promise.all(
    touches.map(async (touch) => {
      if (touch.kind !== "reply") return touch;
      const senderProof = await proveSender(touch.from, signed, evidence);
      const isBySignature = senderProof !== null && senderProof !== "spf";
      return {
        ...touch,
        senderProof,
        ...(isBySignature ? { id: signedId(touch.from, onlyField(head, "date"), signed) } : {}),
      };
    }),
  );
}

/** Whose letters wait for each other. A mailbox and a relay of ours bring many people's. */
const bringerOf = (envelope: Envelope | null, { relays }: MailTrust): string | null =>
  envelope === null || isOneOf(relays, envelope.peer) ? null : peerOf(envelope.peer);

/**
 * A signed letter may come again from anybody who has got it, with other fields where the signature covers none, and with
 * other white space where its canonicalisation ignores that (RFC 6376, 3.4). So its id is made of what every signature that
 * counts covers, without white space.
 */
function signedId(from: string, date: string | null, { bodyHash }: SignedBy): string {
  return createHash("sha256")
    .update(JSON.stringify(["signed", from, date?.replace(/\s+/g, "") ?? null, bodyHash]))
    .digest("hex")
    .slice(0, 32);
}
