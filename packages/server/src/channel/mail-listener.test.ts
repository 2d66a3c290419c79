import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { createInterface } from "node:readline";
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

/** A session by hand: what it is told, line by line. */
async function session(localAddress = "127.0.0.1") {
  const socket = connect({ host: "127.0.0.1", port: listener.port, localAddress });
  socket.on("error", () => undefined);
  const lines = createInterface({ input: socket })[Symbol.asyncIterator]();
  const answer = async (): Promise<string> => {
    const { value = "", done } = await lines.next();
    return done || !/^\d{3}-/.test(value) ? value : answer();
  };
  return {
    socket,
    answer,
    async say(line: string) {
      socket.write(`${line}\r\n`);
      return answer();
    },
  };
}

async function atData(): Promise<Awaited<ReturnType<typeof session>>> {
  const open = await session();
  await open.answer();
  for (const line of ["EHLO x", "MAIL FROM:<a@b.example>", "RCPT TO:<reply@hub.example>", "DATA"]) await open.say(line);
  return open;
}

test("a mail that says to be too large is refused before it is sent", async () => {
  const { socket, answer, say } = await session();
  await answer();
  await say("EHLO x");
  assert.match(await say("MAIL FROM:<a@b.example> SIZE=400000000"), /^552 /);
  socket.destroy();
});

test("400 MB in one DATA cost no more memory than the largest mail, and are refused long before their end", async () => {
  const { socket, answer } = await atData();
  socket.on("error", () => undefined);
  const hungUp = once(socket, "close");
  const chunk = Buffer.from(`${"x".repeat(998)}\r\n`.repeat(1_024));
  const before = process.memoryUsage().rss;
  let most = before;
  let sent = 0;
  for (; sent < 400_000_000 && socket.writable; sent += chunk.length) {
    if (!socket.write(chunk)) await Promise.race([once(socket, "drain").catch(() => undefined), hungUp]);
    most = Math.max(most, process.memoryUsage().rss);
  }
  assert.match(await answer(), /^552 5\.3\.4 /);
  assert.ok(most - before < 100_000_000, `${Math.round((most - before) / 1e6)} MB`);
  assert.ok(sent < 40_000_000, `${sent} bytes were taken`);
  await hungUp;
});

test("what nobody can read is refused for good", async () => {
  for (const bomb of [
    `X: ${"x".repeat(100_000)}`,
    `Content-Type: multipart/mixed; boundary=b\r\n\r\n${"--b\r\n\r\n".repeat(5_000)}`,
  ]) {
    const { socket, say } = await atData();
    assert.match(await say(`From: a@b.example\r\n${bomb}\r\n\r\nx\r\n.`), /^554 5\.6\.0/);
    socket.destroy();
  }
});

test("a hundred idle sockets keep no honest peer out, and one peer has so many at most", async () => {
  const idle = await Promise.all(Array.from({ length: 100 }, (_, n) => session(`127.0.1.${1 + Math.floor(n / 20)}`)));
  const greetings = await Promise.all(idle.map(({ answer }) => answer()));
  assert.ok(greetings.every((line) => line.startsWith("220")));
  assert.match(await (await session("127.0.1.1")).answer(), /^421 /);
  await send("reply@hub.example");
  assert.equal(heard.at(-1)?.kind, "reply");
  for (const { socket } of idle) socket.destroy();
});
