/** An SMTP server as small as can be, in a process of its own: takes every mail and tells when, by its `X-Bench` or subject. */
import { createServer } from "node:net";

const latencies: number[] = [];
let received = 0;

const server = createServer((socket) => {
  socket.setNoDelay(true);
  let rest = "";
  let inData = false;
  socket.write("220 sink\r\n");
  socket.on("data", (chunk) => {
    rest += chunk.toString("latin1");
    for (;;) {
      const end = inData ? rest.indexOf("\r\n.\r\n") : rest.indexOf("\r\n");
      if (end < 0) return;
      const part = rest.slice(0, end);
      rest = rest.slice(end + (inData ? 5 : 2));
      if (inData) {
        inData = false;
        received += 1;
        const sentAt = Number(/sent-(\d{13})/.exec(part)?.[1] ?? Number.NaN);
        if (Number.isFinite(sentAt)) latencies.push(Date.now() - sentAt);
        socket.write("250 taken\r\n");
      } else if (/^DATA/i.test(part)) {
        inData = true;
        socket.write("354 go on\r\n");
      } else if (/^QUIT/i.test(part)) socket.end("221 bye\r\n");
      else if (/^EHLO/i.test(part)) socket.write("250-sink\r\n250 8BITMIME\r\n");
      else socket.write("250 ok\r\n");
    }
  });
  socket.on("error", () => undefined);
});
server.listen(0, "127.0.0.1", () => process.send?.({ port: (server.address() as { port: number }).port }));

export type SinkCounts = { received: number; latencies: number[] };
process.on("message", (asked: "take" | "stop") => {
  if (asked === "stop") process.exit(0);
  process.send?.({ received, latencies: latencies.splice(0) } satisfies SinkCounts);
});
