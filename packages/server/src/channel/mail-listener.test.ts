import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { createTransport } from "nodemailer";

import type { InboundTouch } from "./gateway.ts";
import { openMailListener } from "./mail-listener.ts";
import { openMailRoom } from "./mail-room.ts";
import { trustOf } from "./peers/mail-zone.ts";
import { sealKey } from "./sealed-key.ts";

const heard: InboundTouch[] = [];
let broken = false;
const room = openMailRoom();
let listener: Awaited<ReturnType<typeof openMailListener>>;
before(async () => {
  listener = await openMailListener({
    gateway: "mail-in",
    domain: "hub.example",
    secret: "a secret",
    room,
    trust: trustOf(),
    host: "127.0.0.1",
    port: 0,
    largestBytes: 200_000,
    tls: null,
    now: () => 5,
    hear: async (touches) => {
      if (broken) throw new Error("the database is away");
      heard.push(...touches);
    },
  });
});
after(async () => {
  await listener.close();
  await room.close();
});

const send = (to: string | string[], text = "1") =>
  createTransport({ host: "127.0.0.1", port: listener.port, ignoreTLS: true }).sendMail({
    from: "anna@town.example",
    envelope: { from: "anna@town.example", to },
    to: [to].flat()[0] ?? "",
    subject: "Re: x",
    text,
  });

test("a reply by SMTP is heard before it is accepted", async () => {
  await send(`reply+${sealKey("run/7", "a secret")}@hub.example`, "1");
  const touch = heard.at(-1);
  assert.deepEqual(touch?.kind === "reply" && [touch.from, touch.text, touch.inReplyToKey], [
    "anna@town.example",
    "1",
    "run/7",
  ]);
});

test("mail for other domains is not relayed", async () => {
  await assert.rejects(send("eve@evil.example"), { responseCode: 550 });
});

test("when what it tells cannot be kept, the sender is asked to come again", async () => {
  broken = true;
  await assert.rejects(send("reply@hub.example"), { responseCode: 451 });
  broken = false;
});

test("a mail over the limit is refused", async () => {
  await assert.rejects(send("reply@hub.example", "x".repeat(300_000)), { responseCode: 552 });
});
