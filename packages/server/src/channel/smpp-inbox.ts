import { createHash } from "node:crypto";

import type { DecodedMessage, Pdu } from "smpp";

import type { Hear, InboundTouch } from "./gateway.ts";
import { JoinedParts, type Part } from "./joined-parts.ts";
import { readReceipt } from "./smpp-receipt.ts";

/** How long a part waits for the others before what came is heard without them. */
const GIVE_UP_MS = 60_000;
/** A part is acknowledged with its whole message, yet not later than this: some centres send one at a time. */
const HOLD_BACK_MS = 2_000;

/** Turns what a message centre delivers into touches. SMPP gives messages no id, so one delivered again is heard again. */
export function openSmppInbox({
  name,
  now,
  hear,
  onFault,
}: {
  name: string;
  now: () => number;
  hear: Hear;
  onFault: (problem: unknown) => void;
}) {
  const joined = new JoinedParts();
  const held = new Map<string, (() => void)[]>();
  const sweep = setInterval(() => {
    const touches = joined.giveUp(now() - GIVE_UP_MS).map(({ sender, text }) => replyOf(JSON.parse(sender), text));
    if (touches.length > 0) hear(touches).catch(onFault);
  }, GIVE_UP_MS / 4);

  const replyOf = ([from, to]: [string, string], text: string): InboundTouch => {
    const at = now();
    const id = createHash("sha256")
      .update(JSON.stringify([name, from, to, text, at]))
      .digest("hex")
      .slice(0, 32);
    return { kind: "reply", gateway: name, channel: "sms", from, to, text, inReplyToKey: null, at, id };
  };

  return {
    /** Resolves when the delivery may be acknowledged. */
    async take(pdu: Pdu): Promise<void> {
      const message = (pdu.short_message || undefined)?.message?.length
        ? pdu.short_message || undefined
        : pdu.message_payload;
      const text = textOf(message);
      const receipt = readReceipt(pdu, text);
      if (receipt !== null) {
        const { providerId, status, reason } = receipt;
        if (status !== "pending")
          await hear([{ kind: "receipt", gateway: name, providerId, key: null, status, reason, at: now() }]);
        return;
      }
      const ends: [string, string] = [internationalNumber(pdu.source_addr), internationalNumber(pdu.destination_addr)];
      const part = partOf(pdu, message, { sender: JSON.stringify(ends), text });
      if (part === null) return hear([replyOf(ends, text)]);

      const group = JSON.stringify([part.sender, part.reference]);
      const whole = joined.add(part, now());
      if (whole === null) return holdBack(group);
      await hear([replyOf(ends, whole)]);
      for (const release of held.get(group) ?? []) release();
      held.delete(group);
    },
    async close(): Promise<void> {
      clearInterval(sweep);
      for (const release of [...held.values()].flat()) release();
    },
  };

  function holdBack(group: string): Promise<void> {
    return new Promise((resolve) => {
      const limit = setTimeout(resolve, HOLD_BACK_MS);
      const release = () => {
        clearTimeout(limit);
        resolve();
      };
      held.set(group, [...(held.get(group) ?? []), release]);
    });
  }
}

function textOf(message: DecodedMessage | undefined): string {
  const text = message?.message ?? "";
  return typeof text === "string" ? text : text.toString("latin1");
}

/** Concatenation by the user data header (3GPP 23.040, 9.2.3.24: 8 and 16 bit references) or by the SAR parameters. */
function partOf(
  pdu: Pdu,
  message: DecodedMessage | undefined,
  { sender, text }: { sender: string; text: string },
): Part | null {
  const place = (message?.udh ?? []).map(placeIn).find((found) => found !== null) ?? {
    reference: pdu.sar_msg_ref_num ?? 0,
    total: pdu.sar_total_segments ?? 1,
    index: pdu.sar_segment_seqnum ?? 1,
  };
  return place.total > 1 ? { sender, text, ...place } : null;
}

function placeIn(element: Buffer): { reference: number; total: number; index: number } | null {
  if (element[0] === 0x00 && element.length === 5)
    return { reference: element.readUInt8(2), total: element.readUInt8(3), index: element.readUInt8(4) };
  if (element[0] === 0x08 && element.length === 6)
    return { reference: element.readUInt16BE(2), total: element.readUInt8(4), index: element.readUInt8(5) };
  return null;
}

/** Centres leave the plus out; short codes and letters stay as they are. */
function internationalNumber(address: string): string {
  return /^[1-9]\d{7,14}$/.test(address) ? `+${address}` : address;
}
