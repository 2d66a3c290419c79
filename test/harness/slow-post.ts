import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

import { createTransport } from "nodemailer";
import { SMTPServer } from "smtp-server";

export type SlowPost = {
  port: number;
  /** How many mails it keeps. */
  kept(): number;
  /** Delivers all that it keeps, the last first, so many times over; answers how long each took to be accepted. */
  deliver(times: number): Promise<number[]>;
  close(): Promise<void>;
};

/** A post office between a sender and `port`: it keeps every mail until it is asked, and then repeats itself. */
export async function openSlowPost(port: number): Promise<SlowPost> {
  const mails: { from: string; to: string[]; raw: Buffer }[] = [];
  const server = new SMTPServer({
    disabledCommands: ["AUTH", "STARTTLS"],
    disableReverseLookup: true,
    onData(stream, { envelope }, done) {
      void buffer(stream).then((raw) => {
        const from = envelope.mailFrom ? envelope.mailFrom.address : "";
        mails.push({ from, to: envelope.rcptTo.map(({ address }) => address), raw });
        done();
      });
    },
  });
  server.listen(0, "127.0.0.1");
  await once(server.server, "listening");
  const transport = createTransport({ host: "127.0.0.1", port, ignoreTLS: true, pool: true });
  return {
    port: (server.server.address() as AddressInfo).port,
    kept: () => mails.length,
    async deliver(times) {
      const tookMs: number[] = [];
      for (let turn = 0; turn < times; turn++) {
        for (const { from, to, raw } of mails.toReversed()) {
          const began = performance.now();
          await transport.sendMail({ envelope: { from, to }, raw });
          tookMs.push(performance.now() - began);
        }
      }
      return tookMs;
    },
    close() {
      transport.close();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
