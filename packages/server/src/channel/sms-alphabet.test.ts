import assert from "node:assert/strict";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import smpp, { type Pdu, type Server, type Session } from "smpp";

import { SMS_ALPHABETS, type SmsAlphabet } from "../platform/peer-address.ts";
import type { Gateway, InboundTouch } from "./gateway.ts";
import { openSmppGateway } from "./smpp-gateway.ts";

/** A message centre for each default alphabet, each over TCP. */
type Centre = { server: Server; gateway: Gateway; session: Session; heard: InboundTouch[]; submitted: Pdu[] };
const centres = new Map<SmsAlphabet, Centre>();

async function openCentre(alphabet: SmsAlphabet): Promise<Centre> {
  const heard: InboundTouch[] = [];
  const submitted: Pdu[] = [];
  const bound = Promise.withResolvers<Session>();
  const server = smpp.createServer((session) => {
    session.on("error", () => undefined);
    session.on("enquire_link", (pdu: Pdu) => session.send(pdu.response()));
    session.on("unbind", (pdu: Pdu) => session.send(pdu.response()));
    session.on("bind_transceiver", (pdu: Pdu) => {
      session.send(pdu.response());
      bound.resolve(session);
    });
    session.on("submit_sm", (pdu: Pdu) => {
      submitted.push(pdu);
      session.send(pdu.response({ message_id: String(submitted.length) }));
    });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const gateway = openSmppGateway({
    ...{ name: "carrier", host: "127.0.0.1", port: (server.address() as AddressInfo).port, tls: false, ownRoots: null },
    ...{ systemId: "hub", password: "pw", systemType: "", source: "+13125550100", alphabet, window: 10 },
    ...{ timeoutMs: 5_000, enquireEveryMs: 10_000, firstRetryMs: 20, random: () => 0.5, ratePerSecond: 100 },
    now: () => 1_000,
    hear: async (touches) => void heard.push(...touches),
    onFault: (problem) => assert.fail(String(problem)),
  });
  return { server, gateway, session: await bound.promise, heard, submitted };
}

before(async () => {
  for (const alphabet of SMS_ALPHABETS) centres.set(alphabet, await openCentre(alphabet));
});
after(async () => {
  for (const { gateway, server, session } of centres.values()) {
    await gateway.close();
    session.destroy();
    server.close();
  }
});
const centreOf = (alphabet: SmsAlphabet): Centre => centres.get(alphabet) ?? assert.fail(alphabet);

const spoken: [text: string, coding: number, alphabet: SmsAlphabet, bytes: number[]][] = [
  ["à@_", 0, "gsm7", [0x7f, 0x00, 0x11]],
  ["é@", 0, "latin1", [0xe9, 0x40]],
  ["[@]", 0, "ascii", [0x5b, 0x40, 0x5d]],
  ["a@b_c", 1, "gsm7", [0x61, 0x40, 0x62, 0x5f, 0x63]],
  ["a@b", 1, "gsm7", [0x61, 0x00, 0x62]],
  ["é", 3, "gsm7", [0xe9]],
  ["стоп", 4, "gsm7", [...Buffer.from("стоп")]],
  ["STOP", 2, "gsm7", [...Buffer.from("STOP")]],
  ["СТОП", 6, "gsm7", [0xc1, 0xc2, 0xbe, 0xbf]],
  ["עצור", 7, "gsm7", [0xf2, 0xf6, 0xe5, 0xf8]],
  ["停", 8, "gsm7", [0x50, 0x5c]],
  ["@", 0x10, "latin1", [0x00]],
  ["停", 0x18, "gsm7", [0x50, 0x5c]],
  ["@", 0xf0, "latin1", [0x00]],
  ["STOP", 0xf5, "gsm7", [...Buffer.from("STOP")]],
  ["@", 0xc8, "gsm7", [0x00]],
  ["止", 5, "gsm7", [0x8e, 0x7e]],
];
for (const [row, [text, coding, alphabet, bytes]] of spoken.entries())
  test(`${text} said in data_coding ${coding} to a centre of ${alphabet} is heard as ${text}`, async () => {
    const { session, heard } = centreOf(alphabet);
    const from = String(13_125_550_200 + row);
    const ends = { source_addr: from, source_addr_ton: 1, destination_addr: "13125550100", dest_addr_ton: 1 };
    await new Promise((answered) =>
      session.deliver_sm({ ...ends, data_coding: coding, short_message: Buffer.from(bytes) }, answered),
    );
    const touch = heard.find((one) => one.kind === "reply" && one.from === `+${from}`);
    assert.equal(touch?.kind === "reply" && touch.text, text);
  });

const told: [text: string, alphabet: SmsAlphabet, coding: number, bytes: Buffer][] = [
  ["é@", "gsm7", 0, Buffer.from([0x05, 0x00])],
  ["é@", "latin1", 0, Buffer.from("é@", "latin1")],
  ["5 €", "gsm7", 0, Buffer.from([0x35, 0x20, 0x1b, 0x65])],
  ["5 €", "latin1", 8, Buffer.from("5 €", "utf16le").swap16()],
  ["[a]", "ascii", 0, Buffer.from("[a]")],
  ["é", "ascii", 8, Buffer.from("é", "utf16le").swap16()],
];
for (const [text, alphabet, coding, bytes] of told)
  test(`${text} goes to a centre of ${alphabet} in data_coding ${coding}`, async () => {
    const { gateway, submitted } = centreOf(alphabet);
    const content = { kind: "sms", text } as const;
    const handoff = { key: text, to: "+13125550177", lane: "journey", content, unsubscribe: null } as const;
    assert.equal((await gateway.send(handoff)).kind, "accepted");
    const pdu = submitted.at(-1);
    const message = pdu?.short_message || undefined;
    assert.deepEqual([pdu?.data_coding, message?.bytes], [coding, bytes]);
  });
