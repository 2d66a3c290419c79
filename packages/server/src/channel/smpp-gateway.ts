import { createHash } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";

import { smsSegments } from "@rapport/engine/message/sms-segments";
import type { PduFields } from "smpp";

import type { SmsAlphabet } from "../platform/peer-address.ts";
import { type Gateway, type Handoff, type HandoffResult, type Hear, wrongContent } from "./gateway.ts";
import { onePhoneNumber } from "./one-phone-number.ts";
import { openSmppLink, type SmppLinkOptions } from "./smpp-link.ts";
import { openSmppInbox } from "./smpp-inbox.ts";
import { bytesIn } from "./sms-alphabet.ts";

export type SmppGatewayOptions = Omit<SmppLinkOptions, "onDeliver" | "onDoubt"> & {
  name: string;
  /** Who our messages are from: a number with its plus, a short code, or up to eleven letters. */
  source: string;
  /** What the centre means by its default alphabet. */
  alphabet: SmsAlphabet;
  ratePerSecond: number;
  now: () => number;
  hear: Hear;
};

/**
 * SMS by SMPP 3.4, as one transceiver. Texts longer than a message go in parts with a user data header; a
 * receipt is asked for of each part, as a text of which a part is missing has not arrived. SMPP takes no keys.
 */
export function openSmppGateway(options: SmppGatewayOptions): Gateway {
  const inbox = openSmppInbox(options);
  const link = openSmppLink({ ...options, onDeliver: inbox.take, onDoubt: inbox.doubt });

  return {
    name: options.name,
    channel: "sms",
    takesKey: false,
    ratePerSecond: options.ratePerSecond,
    isUp: link.isBound,
    async send(handoff) {
      if (handoff.content.kind !== "sms") return wrongContent({ channel: "sms" }, handoff.content);
      const to = onePhoneNumber(handoff.to);
      if (to === null) return { kind: "refused", reason: "bad-address", detail: "not an E.164 number" };

      const parts = partsOf(handoff.content.text, handoff.key, options.alphabet);
      let result: HandoffResult = { kind: "refused", reason: "content", detail: "nothing to say" };
      const partIds: string[] = [];
      for (const [index, part] of parts.entries()) {
        const fields = { ...addressed(options.source, to), ...part, registered_delivery: 1 };
        result = await submitPart(fields, handoff, index);
        if (result.kind !== "accepted") return result;
        partIds.push(result.providerId);
      }
      return partIds.length > 1 && result.kind === "accepted" ? { ...result, partIds } : result;
    },
    async close() {
      await link.close();
      await inbox.close();
    },
  };

  /** A part behind the first is tried again in place: to begin anew would show the first ones twice. */
  async function submitPart(fields: PduFields, { lane }: Handoff, index: number): Promise<HandoffResult> {
    for (let attempt = 0; ; attempt++) {
      // The library writes into the fields that it is given.
      const submitted = await link.submit({ ...fields }, lane);
      const result =
        submitted.kind === "down" ? linkDown(submitted.why) : resultOf(submitted.status, submitted.messageId);
      if (result.kind !== "later" || index === 0 || attempt === 5) return result;
      await pause(200 * 2 ** attempt);
    }
  }
}

const linkDown = (detail: string): HandoffResult => ({ kind: "later", retryAfterMs: null, detail });

function partsOf(text: string, key: string, own: SmsAlphabet): PduFields[] {
  const { alphabet, parts } = smsSegments(text, (character) => bytesIn(own, character) !== null);
  // 0 is the centre's default alphabet; the library would call GSM-7 ASCII and send 1.
  const data_coding = alphabet === "gsm7" ? 0 : 8;
  const messages = parts.map((part) => (alphabet === "gsm7" ? (bytesIn(own, part) ?? part) : part));
  const [only] = messages;
  if (text === "" || only === undefined) return [];
  if (messages.length === 1) return [{ data_coding, short_message: only }];

  const reference = createHash("sha256").update(key).digest()[0] ?? 0;
  return messages.map((message, index) => ({
    data_coding,
    esm_class: 0x40,
    short_message: { udh: Buffer.from([5, 0, 3, reference, messages.length, index + 1]), message },
  }));
}

/** Types of number: 1 international, 5 letters, 0 whatever the network takes a short code for. */
function addressed(source: string, to: string): PduFields {
  const ton = source.startsWith("+") ? 1 : /^\d+$/.test(source) ? 0 : 5;
  return {
    source_addr: source.replace(/^\+/, ""),
    source_addr_ton: ton,
    source_addr_npi: ton === 5 ? 0 : 1,
    destination_addr: to.slice(1),
    dest_addr_ton: 1,
    dest_addr_npi: 1,
  };
}

const BAD_ADDRESS = new Set([0x0b, 0x50, 0x51]);
const BAD_CONTENT = new Set([0x01, 0x43, 0x63]);
/** Bad source, permanent rejection by the receiving side, and what a centre says of a barred subscriber. */
const BLOCKED = new Set([0x0a, 0x65, 0x66]);

/** SMPP 3.4, 5.1.3. What is no fault of the message (throttled 0x58, queue full 0x14, system error 0x08, …) comes again. */
function resultOf(status: number, messageId: string): HandoffResult {
  const detail = `status 0x${status.toString(16).padStart(2, "0")}`;
  if (status === 0) return { kind: "accepted", providerId: messageId };
  if (BAD_ADDRESS.has(status)) return { kind: "refused", reason: "bad-address", detail };
  if (BAD_CONTENT.has(status)) return { kind: "refused", reason: "content", detail };
  if (BLOCKED.has(status)) return { kind: "refused", reason: "blocked", detail };
  return { kind: "later", retryAfterMs: status === 0x58 || status === 0x14 ? 1_000 : null, detail };
}
