import { once } from "node:events";
import { connect, type Socket } from "node:net";

export type Letter = { from: string; to: string; raw: string | Iterable<Buffer> };

const SILENT_MS = 20_000;

/** Hands one letter to the hub from an address of this machine; answers the code of the last reply. */
export async function smtpTalk(port: number, peer: string, { from, to, raw }: Letter): Promise<string> {
  const socket = connect({ host: "127.0.0.1", port, localAddress: peer, timeout: SILENT_MS });
  const closed = new Promise<string>((resolve) => socket.once("close", () => resolve("cut off")));
  socket.on("timeout", () => socket.destroy());
  socket.on("error", () => undefined);
  const replies = repliesOf(socket);
  const next = async () => Promise.race([replies.next().then(({ value }) => value ?? "cut off"), closed]);
  try {
    let code = await next();
    for (const command of ["EHLO evil.example", `MAIL FROM:<${from}>`, `RCPT TO:<${to}>`, "DATA"]) {
      if (!/^[23]/.test(code)) return code;
      socket.write(`${command}\r\n`);
      code = await next();
    }
    if (code !== "354") return code;
    for (const part of typeof raw === "string" ? [raw] : raw) {
      if (socket.destroyed) break;
      if (!socket.write(part)) await Promise.race([once(socket, "drain").catch(() => undefined), closed]);
    }
    socket.write("\r\n.\r\n");
    return await next();
  } finally {
    socket.destroy();
  }
}

async function* repliesOf(socket: Socket): AsyncGenerator<string> {
  let text = "";
  try {
    for await (const chunk of socket as AsyncIterable<Buffer>) {
      text += chunk.toString("latin1");
      for (let end = /^(\d{3}) .*\r\n/m.exec(text); end; end = /^(\d{3}) .*\r\n/m.exec(text)) {
        text = text.slice(end.index + end[0].length);
        yield end[1] ?? "";
      }
    }
  } catch {
    // Cut off: whoever waits is told by the socket's end.
  }
}
