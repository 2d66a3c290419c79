import type { AddressInfo } from "node:net";

import smpp, { type Pdu, type Session } from "smpp";

import { type Ledger, openLedger } from "./ledger.ts";

/** A message that the network took, its parts joined. */
export type SmsEntry = {
  id: string;
  from: string;
  to: string;
  text: string;
  parts: number;
  alphabet: "gsm7" | "ucs2";
  at: number;
};

/** A receipt that the network sent, and what we answered it. */
export type ReceiptEntry = { id: string; to: string; isDelivered: boolean; wasTaken: boolean; afterMs: number };

export type TownSms = { from: string; to: string; text: string };

export type PhoneNetworkOptions = {
  systemId: string;
  password: string;
  knows: (phone: string) => boolean;
  /** Calls the deed after so much of the story's time. */
  schedule: (delayMs: number, deed: () => void) => void;
  /** How long after a message its receipt comes. */
  receiptDelayMs: (phone: string) => number;
  ledgerFile: string | null;
  now: () => number;
  onSms: (sms: TownSms) => void;
};

export type PhoneNetwork = {
  port: number;
  ledger: Ledger<SmsEntry>;
  /** Receipts that were answered. */
  receipts: Ledger<ReceiptEntry>;
  /** From now on every submission is answered with RTHROTTLED, or none is. */
  throttle: (isThrottled: boolean) => void;
  /** A person's message to us; waits until it is acknowledged. False when nobody is bound, or it was refused. */
  send: (sms: TownSms) => Promise<boolean>;
  close: () => Promise<void>;
};

const OK = 0;
const WRONG_PASSWORD = 0x0e;
const THROTTLED = 0x58;
const RECEIPT = 0x04;
const CONCATENATED = 0x40;

/** The town's message centre: an SMPP 3.4 server with a phone for everybody the town knows, on a free port of the loopback. */
export async function openPhoneNetwork(options: PhoneNetworkOptions): Promise<PhoneNetwork> {
  const ledger = openLedger<SmsEntry>(options.ledgerFile);
  const receipts = openLedger<ReceiptEntry>(null);
  /** With each bound session, what to tell those who wait for its acknowledgement when it goes away. */
  const bound = new Map<Session, Set<() => void>>();
  const unfinished = new Map<string, string[]>();
  let isThrottled = false;
  let taken = 0;
  let references = 0;

  const server = smpp.createServer((session) => {
    session.on("error", () => session.destroy());
    session.on("close", () => {
      for (const gone of bound.get(session) ?? []) gone();
      bound.delete(session);
    });
    session.on("bind_transceiver", (pdu: Pdu) => {
      const isKnown = pdu.system_id === options.systemId && pdu.password === options.password;
      session.send(pdu.response({ command_status: isKnown ? OK : WRONG_PASSWORD, system_id: "town" }));
      if (isKnown) bound.set(session, new Set());
    });
    session.on("enquire_link", (pdu: Pdu) => session.send(pdu.response()));
    session.on("unbind", (pdu: Pdu) => {
      session.send(pdu.response());
      session.close();
    });
    session.on("submit_sm", (pdu: Pdu) => take(session, pdu));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));

  function take(session: Session, pdu: Pdu): void {
    if (!bound.has(session) || isThrottled) return void session.send(pdu.response({ command_status: THROTTLED }));
    const id = `sms-${++taken}`;
    const to = `+${pdu.destination_addr}`;
    const whole = joined(pdu);
    if (whole !== null) {
      const entry = {
        id,
        from: pdu.source_addr,
        to,
        ...whole,
        alphabet: pdu.data_coding === 8 ? ("ucs2" as const) : ("gsm7" as const),
      };
      ledger.append({ ...entry, at: options.now() });
      if (options.knows(to)) options.onSms({ from: pdu.source_addr, to, text: whole.text });
    }
    session.send(pdu.response({ message_id: id }));
    if ((pdu.registered_delivery & 1) === 1)
      options.schedule(options.receiptDelayMs(to), () => receipt(pdu, { id, to }));
  }

  /** The whole text with its last part, by the user data header (3GPP 23.040, 9.2.3.24.1). */
  function joined(pdu: Pdu): { text: string; parts: number } | null {
    const message = pdu.short_message || pdu.message_payload || {};
    const text = String(message.message ?? "");
    const place = message.udh?.find((element) => element[0] === 0x00);
    if (place === undefined) return { text, parts: 1 };

    const [, , reference, total = 1, index = 1] = place;
    const name = `${pdu.source_addr}/${pdu.destination_addr}/${reference}/${total}`;
    const texts = unfinished.get(name) ?? Array<string>(total);
    texts[index - 1] = text;
    unfinished.set(name, texts);
    if (Object.keys(texts).length < total) return null;
    unfinished.delete(name);
    return { text: texts.join(""), parts: total };
  }

  function receipt(pdu: Pdu, { id, to }: { id: string; to: string }): void {
    const isDelivered = options.knows(to);
    const day = new Date(options.now()).toISOString().replace(/\D/g, "").slice(2, 12);
    const [session] = bound.keys();
    const sentAt = performance.now();
    session?.deliver_sm(
      {
        esm_class: RECEIPT,
        source_addr: pdu.destination_addr,
        destination_addr: pdu.source_addr,
        data_coding: 0,
        short_message: `id:${id} sub:001 dlvrd:${isDelivered ? "001" : "000"} submit date:${day} done date:${day} stat:${isDelivered ? "DELIVRD" : "UNDELIV"} err:${isDelivered ? "000" : "001"} text:`,
        receipted_message_id: id,
        message_state: isDelivered ? 2 : 5,
      },
      (answer) => {
        const wasTaken = answer.command_status === OK;
        receipts.append({ id, to, isDelivered, wasTaken, afterMs: performance.now() - sentAt });
      },
    );
  }

  function deliver(
    session: Session,
    sms: TownSms,
    part: { message: string; udh?: Buffer; data_coding: number },
  ): Promise<boolean> {
    return new Promise((resolve) => {
      const gone = () => resolve(false);
      bound.get(session)?.add(gone);
      session.deliver_sm(
        {
          source_addr: sms.from.replace("+", ""),
          source_addr_ton: 1,
          destination_addr: sms.to.replace("+", ""),
          esm_class: part.udh === undefined ? 0 : CONCATENATED,
          data_coding: part.data_coding,
          short_message: part.udh === undefined ? part.message : { udh: part.udh, message: part.message },
        },
        (answer) => {
          bound.get(session)?.delete(gone);
          resolve(answer.command_status === OK);
        },
      );
    });
  }

  return {
    port: (server.address() as AddressInfo).port,
    ledger,
    receipts,
    throttle(should) {
      isThrottled = should;
    },
    async send(sms) {
      const [session] = bound.keys();
      if (session === undefined) return false;
      const { parts, data_coding } = phoneParts(sms.text);
      const reference = ++references & 0xff;
      const answers = parts.map((message, index) =>
        deliver(
          session,
          sms,
          parts.length === 1
            ? { message, data_coding }
            : { message, data_coding, udh: Buffer.from([5, 0, 3, reference, parts.length, index + 1]) },
        ),
      );
      return (await Promise.all(answers)).every(Boolean);
    },
    async close() {
      for (const session of server.sessions.slice()) session.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** What a telephone does with a text: plain Latin in the network's alphabet, anything else in UCS-2. */
function phoneParts(text: string): { parts: string[]; data_coding: number } {
  const isPlain = /^[A-Za-z0-9 \r\n.,:;!?'"()@$%&*+\-/=<>]*$/.test(text);
  const [alone, each] = isPlain ? [160, 153] : [70, 67];
  const parts =
    text.length <= alone ? [text] : (text.match(new RegExp(`[\\s\\S]{1,${each}}(?![\\udc00-\\udfff])`, "g")) ?? [text]);
  return { parts, data_coding: isPlain ? 0 : 8 };
}
