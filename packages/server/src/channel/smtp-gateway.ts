import type { Readable } from "node:stream";

import { createTransport, type NodemailerError, type SMTPPoolOptions } from "nodemailer";

import { isHard, TELLS_NOTHING } from "./bounce-reason.ts";
import { reasonOfSaying } from "./reason-of-saying.ts";
import { composeMail, type Letterhead } from "./compose-mail.ts";
import { type Gateway, type HandoffResult, type Lane, wrongContent } from "./gateway.ts";
import { oneMailbox } from "./one-mailbox.ts";
import type { LinkSecurity } from "../platform/peer-address.ts";
import { trustedRoots } from "./trusted-roots.ts";

/** An SMTP relay that takes our mail, and what we sign it with. */
export type SmtpGatewayOptions = Letterhead & {
  name: string;
  host: string;
  port: number;
  /** Where it asks for TLS, a relay without it, or with a certificate that is not its own, gets nothing: the message waits. */
  security: LinkSecurity;
  /** Certificate authorities of the company, PEM, trusted besides the public ones. */
  ownRoots: string | null;
  auth: { user: string; pass: string } | null;
  dkim: { domain: string; selector: string; privateKey: string } | null;
  ratePerSecond: number;
  connectionsPerLane: number;
  /** Longest silence of the relay before the hand-off counts as a fault. */
  timeoutMs: number;
};

type Pool = ReturnType<typeof openPool>;

/**
 * Mail by SMTP, one recipient each. Every lane has connections of its own. SMTP takes no keys, so a repeat is a second
 * mail, though with the same Message-ID, which many mailboxes show once.
 */
export function openSmtpGateway(options: SmtpGatewayOptions): Gateway {
  const pools = new Map<Lane, Pool>();
  const poolOf = (lane: Lane): Pool => {
    const pool = pools.get(lane) ?? openPool(options);
    pools.set(lane, pool);
    return pool;
  };

  return {
    name: options.name,
    channel: "email",
    takesKey: false,
    ratePerSecond: options.ratePerSecond,
    async send(handoff) {
      const { content } = handoff;
      if (content.kind !== "email") return wrongContent({ channel: "email" }, content);
      const to = oneMailbox(handoff.to);
      if (to === null) return { kind: "refused", reason: "bad-address", detail: "not a mailbox" };
      const mail = composeMail({ ...handoff, content, to }, options);
      if (mail === null)
        return { kind: "refused", reason: "content", detail: "the unsubscribe address is not a short https URL" };

      return poolOf(handoff.lane).send(mail);
    },
    async close() {
      for (const pool of pools.values()) pool.close();
      pools.clear();
    },
  };
}

/** RFC 8058, section 4: the signature covers both unsubscribe headers. */
const SIGNED =
  "From:Sender:Reply-To:Subject:Date:Message-ID:To:MIME-Version:Content-Type:Content-Transfer-Encoding:List-Unsubscribe:List-Unsubscribe-Post:Auto-Submitted";

function openPool(options: SmtpGatewayOptions) {
  const transport = createTransport({
    ...connectionOf(options),
    pool: true,
    maxConnections: options.connectionsPerLane,
    maxMessages: 1_000,
    // A library that sends again by itself would hide an unknown outcome.
    maxRequeues: 0,
    ...(options.dkim && {
      dkim: {
        domainName: options.dkim.domain,
        keySelector: options.dkim.selector,
        privateKey: options.dkim.privateKey,
        headerFieldNames: SIGNED,
      },
    }),
  });
  const bodies = new Map<string, Readable>();
  transport.use("stream", (mail, done) => {
    const create = mail.message.createReadStream.bind(mail.message);
    mail.message.createReadStream = (streamOptions) => {
      const body = create(streamOptions);
      bodies.set(mail.message.messageId(), body);
      return body;
    };
    done();
  });

  return {
    async send(
      mail: Parameters<typeof transport.sendMail>[0] & { messageId?: string | undefined },
    ): Promise<HandoffResult> {
      const messageId = mail.messageId ?? "";
      try {
        const sent = await transport.sendMail(mail);
        return { kind: "accepted", providerId: sent.messageId };
      } catch (problem) {
        return resultOf(problem as NodemailerError, bodies.get(messageId)?.readableDidRead ?? false);
      } finally {
        bodies.delete(messageId);
      }
    },
    close: () => transport.close(),
  };
}

function connectionOf(options: SmtpGatewayOptions): SMTPPoolOptions {
  return {
    host: options.host,
    port: options.port,
    secure: options.security === "tls",
    requireTLS: options.security === "starttls",
    ignoreTLS: options.security === "plain",
    connectionTimeout: options.timeoutMs,
    greetingTimeout: options.timeoutMs,
    socketTimeout: options.timeoutMs,
    name: options.domain,
    tls: trustedRoots(options.ownRoots),
    ...(options.auth && { auth: options.auth }),
  };
}

/** A reply of the relay decides; without one, only a body of which nothing was read has surely not been taken. */
function resultOf(problem: NodemailerError, bodyWasRead: boolean): HandoffResult {
  const detail = (problem.code === "ETLS" ? problem.message : (problem.response ?? problem.message)).slice(0, 500);
  if (problem.responseCode === undefined) {
    if (bodyWasRead) throw problem;
    return { kind: "later", retryAfterMs: null, detail };
  }
  const permanent = problem.responseCode >= 500 && !ABOUT_US.has(problem.responseCode);
  return (permanent ? refusalOf(problem, detail) : null) ?? { kind: "later", retryAfterMs: null, detail };
}

/** Bad sequence (RFC 5321), and what a relay says that wants TLS or a login first (RFC 3207, RFC 4954). */
const ABOUT_US: ReadonlySet<number> = new Set([503, 530, 534, 535, 538]);

/**
 * A refusal before the recipient was named (greeting, login) is about us, not about the message: tried again later. Of the
 * recipient, a relay tells a dead address (RFC 3463, 5.1.1 and its kin), which is closed, from a full mailbox (5.2.2).
 */
function refusalOf({ command, response = "" }: NodemailerError, detail: string): HandoffResult | null {
  const policy = /\b5\.7\.\d+\b|\b554\b|spam|blocked|policy|blacklist|denied/i.test(response);
  const refused = (reason: "bad-address" | "mailbox-full" | "blocked" | "content", isDead = false): HandoffResult => ({
    ...{ kind: "refused", reason, detail },
    ...(isDead ? { isDead } : {}),
  });
  if (command === "MAIL FROM") return refused("blocked");
  if (command !== "RCPT TO" && command !== "DATA") return null;

  const status = response.match(/(?<![\d.])5\.\d{1,3}\.\d{1,3}(?![\d.])/)?.[0] ?? null;
  const said = reasonOfSaying(response, { status, phase: command === "DATA" ? "data" : "rcpt" });
  const isOfAddress = /^5\.1\./.test(status ?? "");
  // RFC 5321, 4.2.3: 552 speaks of storage, where nothing speaks of the address.
  if (said === "mailbox-full" || (command === "RCPT TO" && /^552/.test(response) && !isOfAddress))
    return refused("mailbox-full");
  if (command === "DATA" && !isOfAddress) return refused(policy ? "blocked" : "content");
  if (policy && !isOfAddress) return refused("blocked");
  return refused("bad-address", (isHard(said) || status === "5.1.1") && !TELLS_NOTHING.test(response));
}
