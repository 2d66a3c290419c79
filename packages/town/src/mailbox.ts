import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

import { type ParsedMail, simpleParser } from "mailparser";
import { createTransport } from "nodemailer";
import { SMTPServer, type SMTPServerSession } from "smtp-server";

import { deliveryReport } from "./delivery-report.ts";
import { type Ledger, openLedger } from "./ledger.ts";

/** How a mailbox misbehaves. `cut` takes the mail and drops the connection before the answer; `stall` never answers. */
export type MailFault = "reject" | "throttle" | "stall" | "cut";

/** A mail that the town took. `answered` is false where the sender never learned of it. */
export type MailEntry = {
  messageId: string;
  key: string | null;
  from: string;
  to: string;
  subject: string;
  at: number;
  answered: boolean;
};

export type TownMail = {
  to: string;
  subject: string;
  text: string;
  messageId: string;
  /** Where an answer goes: Reply-To, else From. */
  replyTo: string;
  oneClickUrl: string | null;
  links: string[];
};

export type MailServerOptions = {
  domain: string;
  knows: (address: string) => boolean;
  /** Unknown people: refused at once, or accepted and returned with a delivery report. */
  unknown: "refuse" | "bounce";
  /** Where the town's own mail goes: the hub's listener. Null where nobody listens. */
  outgoing: { host: string; port: number } | null;
  ledgerFile: string | null;
  now: () => number;
  onMail: (mail: TownMail) => void;
};

export type MailServer = {
  port: number;
  ledger: Ledger<MailEntry>;
  /** How an address is treated from now on; null heals it. */
  treat: (address: string, fault: MailFault | null) => void;
  /** A person's answer, the mail quoted beneath it as mail programs do. */
  answer: (mail: TownMail, text: string) => Promise<void>;
  close: () => Promise<void>;
};

/** The town's post office: an SMTP server with a mailbox for everybody the town knows, on a free port of the loopback. */
export async function openMailServer(options: MailServerOptions): Promise<MailServer> {
  const ledger = openLedger<MailEntry>(options.ledgerFile);
  const faults = new Map<string, MailFault>();
  const transport =
    options.outgoing && createTransport({ ...options.outgoing, ignoreTLS: true, pool: true, maxRequeues: 0 });

  const server = new SMTPServer({
    name: options.domain,
    disabledCommands: ["AUTH", "STARTTLS"],
    disableReverseLookup: true,
    maxClients: 1_000,
    onRcptTo({ address }, _session, done) {
      const fault = faults.get(address);
      if (fault === "reject") return done(refusal(550, "5.7.1 Not accepted"));
      if (fault === "throttle") return done(refusal(451, "4.7.0 Too many, try again later"));
      if (!options.knows(address) && options.unknown === "refuse") return done(refusal(550, "5.1.1 User unknown"));
      done();
    },
    onData(stream, session, done) {
      void buffer(stream).then((raw) => take(raw, session, done));
    },
  });
  server.on("error", () => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));

  async function take(raw: Buffer, session: SMTPServerSession, done: () => void): Promise<void> {
    const parsed = await simpleParser(raw, { skipTextToHtml: true, skipImageLinks: true });
    const from = session.envelope.mailFrom ? session.envelope.mailFrom.address : "";
    const addresses = session.envelope.rcptTo.map(({ address }) => address);
    const [fault] = addresses.flatMap((address) => faults.get(address) ?? []);
    for (const to of addresses)
      ledger.append({ ...entryOf(parsed, to), from, at: options.now(), answered: fault === undefined });

    if (fault === "stall") return;
    if (fault === "cut") return cut(session.id);
    done();
    for (const to of addresses) {
      if (options.knows(to)) options.onMail(townMail(parsed, to));
      else await returnToSender(from, to, raw);
    }
  }

  function cut(sessionId: string): void {
    for (const connection of server.connections) if (connection.id === sessionId) connection._socket.destroy();
  }

  /** RFC 3464, with an empty envelope sender, so that a report is never reported on. */
  async function returnToSender(sender: string, recipient: string, raw: Buffer): Promise<void> {
    if (sender === "" || transport === null) return;
    await transport.sendMail({
      envelope: { from: "", to: [sender] },
      raw: deliveryReport({ sender, recipient, raw, domain: options.domain }),
    });
  }

  return {
    port: (server.server.address() as AddressInfo).port,
    ledger,
    treat: (address, fault) => void (fault === null ? faults.delete(address) : faults.set(address, fault)),
    async answer(mail, text) {
      await transport?.sendMail({
        from: mail.to,
        to: mail.replyTo,
        subject: `Re: ${mail.subject}`,
        inReplyTo: mail.messageId,
        references: [mail.messageId],
        text: `${text}\n\n${new Date(options.now()).toUTCString()}, <${mail.replyTo}> wrote:\n${mail.text.replace(/^/gm, "> ")}\n`,
      });
    },
    async close() {
      transport?.close();
      for (const connection of server.connections) connection._socket.destroy();
      await new Promise<void>((resolve) => server.close(resolve));
    },
  };
}

function refusal(responseCode: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode });
}

function header(mail: ParsedMail, name: string): string | null {
  const line = mail.headerLines.find(({ key }) => key === name)?.line;
  return line === undefined
    ? null
    : line
        .slice(line.indexOf(":") + 1)
        .replace(/\r?\n\s*/g, " ")
        .trim();
}

function entryOf(mail: ParsedMail, to: string): Pick<MailEntry, "messageId" | "key" | "to" | "subject"> {
  return { messageId: mail.messageId ?? "", key: header(mail, "x-rapport-key"), to, subject: mail.subject ?? "" };
}

function townMail(mail: ParsedMail, to: string): TownMail {
  const isOneClick = header(mail, "list-unsubscribe-post") === "List-Unsubscribe=One-Click";
  return {
    to,
    subject: mail.subject ?? "",
    text: mail.text ?? "",
    messageId: mail.messageId ?? "",
    replyTo: (mail.replyTo ?? mail.from)?.value[0]?.address ?? "",
    oneClickUrl: isOneClick ? (header(mail, "list-unsubscribe")?.match(/<(https?:[^>]+)>/)?.[1] ?? null) : null,
    links: linksIn(mail.text ?? "", mail.html || ""),
  };
}

/** What a reader can click: addresses in the text and of anchors, not what a page loads by itself. */
function linksIn(text: string, html: string): string[] {
  const written = text.match(/https?:\/\/[^\s"'<>)]+/g) ?? [];
  const anchored = [...html.matchAll(/<a\s[^>]*href="(https?:[^"]+)"/gi)].flatMap(([, href]) => href ?? []);
  return [...written, ...anchored];
}
