import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

import { SMTPServer } from "smtp-server";

export type SinkLog = {
  port: number;
  /** How many mails came whole for each address. */
  times(): Map<string, number>;
  /** When each mail came, by `performance.now()`. */
  arrivals: readonly number[];
  close(): Promise<void>;
};

/** An SMTP relay with a ledger of its own. */
export async function openSinkLog(): Promise<SinkLog> {
  const log = new Map<string, number>();
  const arrivals: number[] = [];
  const server = new SMTPServer({
    disabledCommands: ["AUTH", "STARTTLS"],
    disableReverseLookup: true,
    async onData(stream, session, done) {
      // A mail that is cut off did not come whole.
      const whole = await text(stream).catch(() => null);
      if (whole === null) return done(new Error("cut off"));
      arrivals.push(performance.now());
      for (const { address } of session.envelope.rcptTo) log.set(address, (log.get(address) ?? 0) + 1);
      done();
    },
  });
  server.on("error", () => undefined);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.server.address() as AddressInfo).port,
    times: () => log,
    arrivals,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}
