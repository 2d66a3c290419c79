import { normaliseEmail } from "@rapport/engine/identity/index";

import type { Hear, InboundTouch } from "../channel/index.ts";
import type { Clock } from "../platform/clock.ts";
import type { Database } from "../platform/database.ts";
import { hearReceipt } from "./hear-receipt.ts";
import { hearReply } from "./hear-reply.ts";
import { type Report, reportEvent } from "./report-event.ts";
import { findHandedOff, type HandedOff } from "./handed-off/store.ts";
import { afterHandOffs, keepEvents, type Suppression, suppress } from "./suppress.ts";
import { TOKEN_SPEAKS_FOR_MS } from "./who-replies.ts";

type Parts = { db: Database; clock: Clock; secret: string; wakeResolver: () => void };
type Bounce = Extract<InboundTouch, { kind: "bounce" }>;

/**
 * Turns what comes back over the channels into events like any other, and answers when they are committed. An opt-out,
 * a hard bounce and a complaint close the address before they are acknowledged.
 */
export function hearTouches({ db, clock, secret, wakeResolver }: Parts): Hear {
  return async (touches) => {
    for (const touch of touches) await hearOne(touch, touches);
    wakeResolver();
  };

  async function hearOne(heard: InboundTouch, together: InboundTouch[]): Promise<void> {
    if (heard.kind === "receipt") return hearReceipt({ db, clock, secret }, heard);
    const now = clock.now();
    const message = await locate(heard);
    if (heard.kind === "reply") return hearReply({ db, secret, now }, heard, message);

    // A report is about a message of ours, or about nothing: anybody can write a bounce or a complaint that names anybody.
    if (!message || now - message.sentAt.getTime() > TOKEN_SPEAKS_FOR_MS) return;
    const touch = heard.kind === "bounce" ? ofOurs(heard, together, message.address) : heard;
    if (touch === null) return;
    const events = [reportEvent(touch, message, now)];
    const closed = closedBy(touch, message);
    if (closed) return suppress(db, secret, [closed], { at: now, events });
    return db.transaction((tx) => keepEvents(tx, events));
  }

  async function locate(touch: Exclude<InboundTouch, { kind: "receipt" }>): Promise<HandedOff | null> {
    const key = touch.kind === "reply" ? touch.inReplyToKey : touch.key;
    if (!key) return null;
    const find = () => findHandedOff(db, "key", key);
    // A mail names the address that its message went to, or says so: a hand-off there may be on its way to the records.
    const from = touch.kind === "reply" ? touch.from : touch.address;
    return (await find()) ?? (from ? await afterHandOffs(db, secret, { channel: "email", from }, find) : null);
  }
}

/**
 * What a bounce tells of the one address that our letter went to. Where a report names it, the others are where it was
 * forwarded to, and say nothing. Where it names others only, our address is dead when every one of them is.
 */
function ofOurs(bounce: Bounce, together: InboundTouch[], address: string): Bounce | null {
  const ours = normaliseEmail(address) ?? address;
  const isOurs = (one: Bounce) => one.address !== null && normaliseEmail(one.address) === ours;
  const report = together.filter((one): one is Bounce => one.kind === "bounce" && one.key === bounce.key);
  if (report.some(isOurs)) return isOurs(bounce) ? bounce : null;
  return { ...bounce, hard: report.every(({ hard }) => hard) };
}

/** The address that the message was sent to, never one that the report names. */
function closedBy(touch: Report, { address }: HandedOff): Suppression | null {
  const terms = { channel: "email", address, scope: "all" } as const;
  if (touch.kind === "complaint") return { ...terms, cause: "complaint", reason: "complaint" };
  if (touch.kind === "bounce" && touch.hard) return { ...terms, cause: "bounce", reason: `bounce: ${touch.reason}` };
  return null;
}
