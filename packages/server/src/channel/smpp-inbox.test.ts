import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import type { Pdu } from "smpp";

import type { InboundTouch } from "./gateway.ts";
import { openSmppInbox } from "./smpp-inbox.ts";

let inbox: ReturnType<typeof openSmppInbox>;
let heard: InboundTouch[];
beforeEach(() => {
  heard = [];
  inbox = openSmppInbox({
    name: "sms",
    source: "+13125550100",
    alphabet: "gsm7",
    now: () => 1_000,
    hear: async (touches) => void heard.push(...touches),
    onFault: (problem) => assert.fail(String(problem)),
  });
});
/** Lets go of the parts that are held back. */
afterEach(() => inbox.close());

/** A part as a message centre delivers it, by the SAR parameters. */
const aPart = (message: string, part: { from?: string; reference: number; index: number; total: number }) =>
  ({
    source_addr: part.from ?? "13125550101",
    destination_addr: "13125550100",
    short_message: { message },
    ...{ sar_msg_ref_num: part.reference, sar_total_segments: part.total, sar_segment_seqnum: part.index },
  }) as Partial<Pdu> as Pdu;
const texts = () => heard.map((touch) => (touch.kind === "reply" ? [touch.from, touch.text] : touch.kind));

test("a phone's message that gives way to its newer ones is heard without what is missing of it", async () => {
  for (let reference = 0; reference < 21; reference++)
    void inbox.take(aPart(`word ${reference} `, { reference, index: 1, total: 2 }));
  await new Promise(setImmediate);
  assert.deepEqual(texts(), [["+13125550101", "word 0 …"]]);
});

test("a character that is cut between two parts is whole again, and half a one is marked", async () => {
  const [high = "", low = ""] = "😀".split("");
  const from = "13125550102";
  void inbox.take(aPart(`yes ${high}`, { from, reference: 0, index: 1, total: 2 }));
  await inbox.take(aPart(low, { from, reference: 0, index: 2, total: 2 }));
  for (let reference = 1; reference < 22; reference++)
    void inbox.take(aPart(`yes ${high}`, { from, reference, index: 1, total: 2 }));
  await new Promise(setImmediate);
  assert.deepEqual(texts(), [
    ["+13125550102", "yes 😀"],
    ["+13125550102", "yes \ufffd…"],
  ]);
});

const aText = (over: Partial<Pdu>) =>
  ({
    ...{ source_addr: "3105550101", source_addr_ton: 2, destination_addr: "13125550100", dest_addr_ton: 1 },
    ...{ short_message: { message: "STOP" }, ...over },
  }) as Partial<Pdu> as Pdu;

test("a sender in national form, or in a form that its centre does not name, is of the receiving number's country", async () => {
  for (const source_addr_ton of [2, 0]) await inbox.take(aText({ source_addr_ton }));
  await inbox.take(aText({ source_addr: "4915112345670", source_addr_ton: 0 }));
  const british = { destination_addr: "447911123456", source_addr: "07911123457" };
  await inbox.take(aText(british));
  await inbox.take(aText({ source_addr: "3105550102", destination_addr: "12345", dest_addr_ton: 3 }));
  assert.deepEqual(texts(), [
    ["+13105550101", "STOP"],
    ["+13105550101", "STOP"],
    ["+4915112345670", "STOP"],
    ["+447911123457", "STOP"],
    ["+13105550102", "STOP"],
  ]);
});

test("a receipt is no person's words in letters said to be of sixteen bits, without its class, or without an id", async () => {
  const words = "id:77 sub:001 dlvrd:001 submit date:2611220000 done date:2611220001 stat:DELIVRD err:000 text:stop";
  const asSixteen = Buffer.from(words.padEnd(120), "latin1").swap16().toString("utf16le");
  await inbox.take(aText({ esm_class: 0, data_coding: 8, short_message: { message: asSixteen } }));
  await inbox.take(aText({ esm_class: 0, short_message: { message: words } }));
  await inbox.take(aText({ esm_class: 4, short_message: { message: words.replace("id:77 ", "") } }));
  await inbox.take(aText({ esm_class: 0, short_message: { message: words.replace("id:77", "id:") } }));
  assert.deepEqual(
    heard.map((touch) => touch.kind === "receipt" && [touch.providerId, touch.status]),
    [
      ["77", "delivered"],
      ["77", "delivered"],
    ],
  );
});
