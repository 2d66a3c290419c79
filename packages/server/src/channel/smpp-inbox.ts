import type { DecodedMessage, Pdu } from "smpp";

import type { SmsAlphabet } from "../platform/peer-address.ts";
import type { Hear, InboundTouch } from "./gateway.ts";
import { JoinedParts, type Part, type Unfinished } from "./joined-parts.ts";
import { type Delivery, SmppDeliveries } from "./smpp-deliveries.ts";
import { textOfSms } from "./sms-alphabet.ts";
import { endsOf } from "./smpp-ends.ts";
import { isReceipt, isWrittenReceipt, readReceipt } from "./smpp-receipt.ts";

/** How long a part waits for the others before what came is heard without them. */
const GIVE_UP_MS = 60_000;
/** A part is acknowledged with its whole message, yet not later than this: some centres send one at a time. */
const HOLD_BACK_MS = 2_000;
/** Centres wait for an answer some ten seconds; who got it later than this may have stopped waiting. */
const LATE_MS = 5_000;

/** Turns what a message centre delivers into touches; what it delivers again is heard once. */
export function openSmppInbox({
  name,
  source,
  alphabet,
  now,
  hear,
  onFault,
}: {
  name: string;
  /** The number of ours that the centre delivers to, where its deliveries name none. */
  source: string;
  /** The default alphabet of the centre. */
  alphabet: SmsAlphabet;
  now: () => number;
  hear: Hear;
  onFault: (problem: unknown) => void;
}) {
  const joined = new JoinedParts();
  const deliveries = new SmppDeliveries(now());
  const deliveryOf = new WeakMap<Pdu, Delivery>();
  const lastPduOf = new WeakMap<Delivery, Pdu>();
  const held = new Map<string, { delivery: Delivery; release: () => void }[]>();
  const sweep = setInterval(() => {
    for (const [group, [first]] of held) if (first && first.delivery.at < now() - GIVE_UP_MS) held.delete(group);
    void hearUnfinished(joined.giveUp(now() - GIVE_UP_MS));
  }, GIVE_UP_MS / 4);

  const replyOf = ([from, to]: [string, string], text: string, { id, earlierIds }: Delivery): InboundTouch => ({
    // Parts may be cut within a character of two code units; what came of them alone may begin or end with a half.
    ...{
      kind: "reply",
      gateway: name,
      channel: "sms",
      from,
      to,
      text: text.toWellFormed(),
      inReplyToKey: null,
      at: now(),
    },
    ...{ id: `${name}/${id}`, earlierIds: earlierIds.map((earlier) => `${name}/${earlier}`) },
  });

  /** Its parts may be acknowledged already, so that nobody would deliver it again. */
  async function hearUnfinished(messages: Unfinished[]): Promise<void> {
    const touches = messages.map(({ sender, text }) => {
      const ends: [string, string] = JSON.parse(sender);
      return replyOf(ends, text, deliveries.of([...ends, text], now()));
    });
    if (touches.length > 0) await hear(touches).catch(onFault);
  }

  return {
    /** Resolves when the delivery may be acknowledged. */
    async take(pdu: Pdu): Promise<void> {
      const short = pdu.short_message || undefined;
      const message = (short?.bytes ?? short?.message)?.length ? short : pdu.message_payload;
      const text = receiptText(pdu, message) ?? textOfSms(message, pdu.data_coding, alphabet);
      const ends = endsOf(pdu, source);
      if (isReceipt(pdu, text)) {
        const receipt = readReceipt(pdu, text);
        // A receipt that names no message tells nothing, and is no person's words.
        if (receipt === null) return;
        const { status, ...told } = receipt;
        // Some centres write the two ends of a receipt the other way round.
        const numbers = ends.filter((number) => number.startsWith("+") && number !== source);
        if (status !== "pending")
          await hear([{ kind: "receipt", gateway: name, key: null, numbers, status, ...told, at: now() }]);
        return;
      }
      const part = partOf(pdu, message, { sender: JSON.stringify(ends), text });
      const place = part === null ? [] : [part.reference, part.total, part.index];
      const begunAt = now();
      const delivery = deliveries.of([...ends, text, pdu.user_message_reference ?? -1, ...place], begunAt);
      deliveryOf.set(pdu, delivery);
      lastPduOf.set(delivery, pdu);

      if (!delivery.heard && part === null) await hear([replyOf(ends, text, delivery)]);
      else if (!delivery.heard && part !== null) await takePart(part, ends, delivery);
      delivery.heard ||= part === null;
      if (lastPduOf.get(delivery) === pdu) delivery.answer = now() - begunAt > LATE_MS ? "doubtful" : "sent";
    },
    /** Our answer to this delivery may not have arrived. */
    doubt(pdu: Pdu): void {
      const delivery = deliveryOf.get(pdu);
      if (delivery && lastPduOf.get(delivery) === pdu) delivery.answer = "doubtful";
    },
    async close(): Promise<void> {
      clearInterval(sweep);
      for (const { release } of [...held.values()].flat()) release();
    },
  };

  /** Resolves when the whole is heard, or when its centre should wait no longer for the answer to this part. */
  async function takePart(part: Part, ends: [string, string], delivery: Delivery): Promise<void> {
    const group = JSON.stringify([part.sender, part.reference]);
    const { whole, gaveWay } = joined.add(part, now());
    if (gaveWay !== null) await hearUnfinished([gaveWay]);
    if (whole === null) return holdBack(group, delivery);
    const ofWhole = deliveries.of([...ends, whole, part.reference, part.total, 0], now());
    await hear([replyOf(ends, whole, ofWhole)]);
    joined.done(part);
    for (const one of [...(held.get(group) ?? []), { delivery, release: () => {} }]) {
      one.delivery.heard = true;
      one.release();
    }
    held.delete(group);
  }

  function holdBack(group: string, delivery: Delivery): Promise<void> {
    return new Promise((resolve) => {
      const limit = setTimeout(resolve, HOLD_BACK_MS);
      const release = () => {
        clearTimeout(limit);
        resolve();
      };
      held.set(group, [...(held.get(group) ?? []), { delivery, release }]);
    });
  }
}

/** A receipt in plain letters whose centre says that they are of sixteen bits, as some do; null for anything else. */
function receiptText(pdu: Pdu, message: DecodedMessage | undefined): string | null {
  if (pdu.data_coding !== 8 || typeof message?.message !== "string") return null;
  const letters = Buffer.from(message.message, "utf16le").swap16().toString("latin1");
  return isWrittenReceipt(letters) ? letters : null;
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
