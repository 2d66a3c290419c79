import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

import { SMTPServer } from "smtp-server";

/** An SMTP relay with a ledger of its own: how many mails came whole for each address. */
export async function openSinkLog(): Promise<{ port: number; times(): Map<string, number>; close(): Promise<void> }> {
  const log = new Map<string, number>();
  const server = new SMTPServer({
    disabledCommands: ["AUTH", "STARTTLS"],
    disableReverseLookup: true,
    async onData(stream, session, done) {
      // A mail that is cut off did not come whole.
      const whole = await text(stream).catch(() => null);
      if (whole === null) return done(new Error("cut off"));
      for (const { address } of session.envelope.rcptTo) log.set(address, (log.get(address) ?? 0) + 1);
      done();
    },
  });
  server.on("error", () => undefined);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.server.address() as AddressInfo).port,
    times: () => log,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}
