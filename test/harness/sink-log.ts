import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

import { SMTPServer } from "smtp-server";

/** An SMTP relay with a ledger of its own: how often each message came whole, by its id as the Message-ID names it. */
export async function openSinkLog(): Promise<{ port: number; times(): Map<string, number>; close(): Promise<void> }> {
  const log = new Map<string, number>();
  const server = new SMTPServer({
    disabledCommands: ["AUTH", "STARTTLS"],
    disableReverseLookup: true,
    async onData(stream, _session, done) {
      const id = idOf(await text(stream));
      log.set(id, (log.get(id) ?? 0) + 1);
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

/** The message's id from its key, 22 characters of base64url at the head of the Message-ID. */
function idOf(raw: string): string {
  const key = /^message-id:\s*<[^>]*?([A-Za-z0-9_-]{22})[^>]*>/im.exec(raw)?.[1] ?? "";
  const hex = Buffer.from(key, "base64url").toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
