import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

import { SMTPServer } from "smtp-server";

import type { Hear } from "./gateway.ts";
import { type MailReading, readMail } from "./read-mail.ts";

export type MailListenerOptions = MailReading & {
  host: string;
  /** 0 takes a free port. */
  port: number;
  largestBytes: number;
  /** PEM, for STARTTLS; without it mail comes in clear, as from a relay on the same network. */
  tls: { key: string; cert: string } | null;
  now: () => number;
  hear: Hear;
};

/**
 * Takes replies and bounces by SMTP, for addresses of our domain alone. A mail is accepted only when what it tells is
 * committed; until then its sender keeps it and tries again.
 */
export async function openMailListener(
  options: MailListenerOptions,
): Promise<{ port: number; close: () => Promise<void> }> {
  const server = new SMTPServer({
    ...options.tls,
    name: options.domain,
    disabledCommands: options.tls === null ? ["AUTH", "STARTTLS"] : ["AUTH"],
    disableReverseLookup: true,
    hideENHANCEDSTATUSCODES: false,
    size: options.largestBytes,
    maxClients: 100,
    socketTimeout: 60_000,
    onRcptTo({ address }, session, done) {
      if (!address.toLowerCase().endsWith(`@${options.domain}`)) return done(reply(550, "5.7.1 We do not relay"));
      if (session.envelope.rcptTo.length >= 10) return done(reply(452, "4.5.3 Too many recipients"));
      done();
    },
    onData(stream, session, done) {
      const to = session.envelope.rcptTo.map(({ address }) => address);
      buffer(stream)
        .then(async (raw) => {
          if (stream.sizeExceeded) throw reply(552, "5.3.4 The message is too large");
          await options.hear(await readMail({ raw, to, receivedAt: options.now() }, options));
        })
        .then(
          () => done(),
          (problem: unknown) => done(hasCode(problem) ? problem : reply(451, "4.3.0 Not kept, please try again")),
        );
    },
  });
  // A client that goes away in mid-sentence is its own affair.
  server.on("error", () => {});

  await new Promise<void>((resolve, reject) => {
    server.server.once("error", reject);
    server.listen(options.port, options.host, resolve);
  });
  return {
    port: (server.server.address() as AddressInfo).port,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

function reply(responseCode: number, text: string): Error & { responseCode: number } {
  return Object.assign(new Error(text), { responseCode });
}

function hasCode(problem: unknown): problem is Error & { responseCode: number } {
  return problem instanceof Error && "responseCode" in problem;
}
