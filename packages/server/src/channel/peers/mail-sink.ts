import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

import { SMTPServer } from "smtp-server";

/** A mail as it came over the wire. */
export type SunkMail = { from: string; to: string[]; raw: string };

/** How the sink treats a recipient: its local part up to a plus or the at sign. */
const BEHAVIOURS: Record<string, { code: number; reply: string }> = {
  unknown: { code: 550, reply: "5.1.1 User unknown" },
  full: { code: 552, reply: "5.2.2 Over quota" },
  gone: { code: 550, reply: "no mailbox here by that name" },
  busy: { code: 451, reply: "4.3.2 Try again later" },
  blocked: { code: 554, reply: "5.7.1 Blocked by policy" },
};

export type MailSink = { port: number; mails: SunkMail[]; close: () => Promise<void> };

/** An SMTP server for tests, on a free port or the one given: keeps what it takes; refuses, vanishes or says nothing as the recipient's name tells. */
export async function openMailSink(port = 0): Promise<MailSink> {
  const mails: SunkMail[] = [];
  const server = new SMTPServer({
    disabledCommands: ["AUTH", "STARTTLS"],
    disableReverseLookup: true,
    onRcptTo({ address }, _session, done) {
      if (address.startsWith("silent")) return;
      const behaviour = BEHAVIOURS[address.split(/[+@]/)[0] ?? ""];
      done(behaviour && Object.assign(new Error(behaviour.reply), { responseCode: behaviour.code }));
    },
    async onData(stream, session, done) {
      const raw = await text(stream);
      const { mailFrom, rcptTo } = session.envelope;
      const to = rcptTo.map(({ address }) => address);
      mails.push({ from: mailFrom ? mailFrom.address : "", to, raw });
      if (to.some((address) => address.startsWith("vanishing"))) return cut(session.id);
      if (to.some((address) => address.startsWith("spam")))
        return done(Object.assign(new Error("5.6.0 Bad content"), { responseCode: 550 }));
      done();
    },
  });
  const cut = (sessionId: string) => {
    for (const connection of server.connections) if (connection.id === sessionId) connection._socket.destroy();
  };
  server.on("error", () => {});
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    port: (server.server.address() as AddressInfo).port,
    mails,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        for (const connection of server.connections) connection._socket.destroy();
      }),
  };
}
