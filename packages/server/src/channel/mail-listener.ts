import type { AddressInfo } from "node:net";

import { SMTPServer, type SMTPServerSession } from "smtp-server";

import { collectMail } from "./collect-mail.ts";
import type { Hear } from "./gateway.ts";
import { UnreadableMail } from "./mail-head.ts";
import { MAIL_SLOTS, type MailSlotLimits, openMailSlots } from "./mail-slots.ts";
import { type ProvenMailReading, readProvenMail } from "./read-proven-mail.ts";
import { isOneOf } from "./sender-evidence.ts";

export type MailListenerOptions = ProvenMailReading & {
  host: string;
  /** 0 takes a free port. */
  port: number;
  largestBytes: number;
  /** PEM, for STARTTLS; without it mail comes in clear, as from a relay on the same network. */
  tls: { key: string; cert: string } | null;
  slots?: Partial<MailSlotLimits>;
  now: () => number;
  hear: Hear;
};

const TOO_LARGE = "5.3.4 The message is too large";
const NO_PROGRESS = "4.4.2 No progress, closing the connection";

/**
 * Takes replies and bounces by SMTP, for addresses of our domain alone. A mail is accepted only when what it tells is
 * committed; until then its sender keeps it and tries again. One that is too large, or that no parser can read, is refused
 * for good, and costs no more memory than the largest that is taken; whoever goes on past twice that is hung up on.
 */
export async function openMailListener(
  options: MailListenerOptions,
): Promise<{ port: number; close: () => Promise<void> }> {
  const limits = { ...MAIL_SLOTS, ...options.slots };
  const slots = openMailSlots(limits, (address) => isOneOf(options.trust.relays, address));
  const server = new SMTPServer({
    ...options.tls,
    name: options.domain,
    disabledCommands: options.tls === null ? ["AUTH", "STARTTLS"] : ["AUTH"],
    disableReverseLookup: true,
    hideENHANCEDSTATUSCODES: false,
    size: options.largestBytes,
    // Ours are told apart by peer; these only keep sockets from piling up before they have one.
    maxClients: 2 * limits.most,
    socketTimeout: 60_000,
    onConnect(session, done) {
      const isTaken = slots.take(session.id, session.remoteAddress, () => hangUp(session.id, 421, NO_PROGRESS));
      done(isTaken ? null : reply(421, "4.7.0 Too many sessions, please try again later"));
    },
    onClose: ({ id }) => slots.release(id),
    onRcptTo({ address }, session, done) {
      if (!address.toLowerCase().endsWith(`@${options.domain}`)) return done(reply(550, "5.7.1 We do not relay"));
      if (session.envelope.rcptTo.length >= 10) return done(reply(452, "4.5.3 Too many recipients"));
      done();
    },
    onData(stream, session, done) {
      collectMail(stream, options.largestBytes, () => slots.progress(session.id))
        .then((raw) => {
          if (raw === "endless") return hangUp(session.id, 552, TOO_LARGE);
          if (raw === "too large") throw reply(552, TOO_LARGE);
          return slots.busy(session.id, () => take(raw, session));
        })
        .then(
          () => done(),
          (problem: unknown) => done(answerTo(problem)),
        );
    },
  });
  // A client that goes away in mid-sentence is its own affair.
  server.on("error", () => {});

  async function take(raw: Buffer, session: SMTPServerSession): Promise<void> {
    const { rcptTo, mailFrom } = session.envelope;
    const mail = {
      raw,
      to: rcptTo.map(({ address }) => address),
      receivedAt: options.now(),
      hasNoReturn: !mailFrom || mailFrom.address === "",
    };
    const envelope = {
      peer: session.remoteAddress,
      helo: session.hostNameAppearsAs,
      mailFrom: mailFrom ? mailFrom.address : "",
    };
    await options.hear(await readProvenMail(mail, envelope, options));
  }

  function hangUp(sessionId: string, code: number, text: string): void {
    for (const connection of server.connections) {
      if (connection.id !== sessionId) continue;
      // The text has its own enhanced status code.
      connection.send(code, text, false);
      connection.close();
    }
  }

  await new Promise<void>((resolve, reject) => {
    server.server.once("error", reject);
    server.listen(options.port, options.host, resolve);
  });
  return {
    port: (server.server.address() as AddressInfo).port,
    async close() {
      slots.close();
      await new Promise<void>((resolve) => server.close(resolve));
    },
  };
}

type Reply = Error & { responseCode: number };

function reply(responseCode: number, text: string): Reply {
  return Object.assign(new Error(text), { responseCode });
}

/** What can never be read is refused for good; what could not be kept may come again. */
function answerTo(problem: unknown): Reply {
  if (problem instanceof Error && "responseCode" in problem) return problem as Reply;
  return problem instanceof UnreadableMail
    ? reply(554, "5.6.0 The message cannot be read")
    : reply(451, "4.3.0 Not kept, please try again");
}
