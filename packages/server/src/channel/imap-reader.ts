import { setTimeout as pause } from "node:timers/promises";

import { ImapFlow } from "imapflow";

import type { Hear } from "./gateway.ts";
import type { LinkSecurity } from "../platform/peer-address.ts";
import { type ProvenMailReading, readProvenMail } from "./read-proven-mail.ts";
import { trustedRoots } from "./trusted-roots.ts";

export type ImapReaderOptions = ProvenMailReading & {
  host: string;
  port: number;
  /** Where it asks for TLS, a server without it, or with a certificate that is not its own, is told no password. */
  security: LinkSecurity;
  /** Certificate authorities of the company, PEM, trusted besides the public ones. */
  ownRoots: string | null;
  user: string;
  pass: string;
  mailbox: string;
  largestBytes: number;
  /** Wait before connecting again; it doubles up to a minute, with jitter by the caller's dice. */
  firstRetryMs: number;
  random: () => number;
  now: () => number;
  hear: Hear;
  /** Told of each lost connection and each mail that could not be read. */
  onFault: (problem: unknown) => void;
};

const LONGEST_RETRY_MS = 60_000;
const LAST_WORDS_MS = 5_000;

/**
 * Reads a mailbox by IMAP: what is unseen first, then what comes, by IDLE. A mail is marked seen only when what it tells
 * is committed, so a crash in between reads it again, and its id makes that harmless.
 */
export function openImapReader(options: ImapReaderOptions): { close: () => Promise<void> } {
  const closing = new AbortController();
  let client: ImapFlow | null = null;

  const ended = (async () => {
    for (let lost = 0; !closing.signal.aborted; lost++) {
      try {
        client = clientOf(options);
        client.on("error", () => {});
        await client.connect();
        lost = 0;
        await follow(client, options, closing.signal);
      } catch (problem) {
        if (!closing.signal.aborted) options.onFault(problem);
      }
      client?.close();
      const retryMs = Math.min(LONGEST_RETRY_MS, options.firstRetryMs * 2 ** lost) * (0.5 + options.random() / 2);
      await pause(retryMs, undefined, { signal: closing.signal }).catch(() => {});
    }
  })();

  return {
    async close() {
      closing.abort();
      // A mail under way is heard and marked first; a server that does not answer is not waited for.
      const limit = setTimeout(() => client?.close(), LAST_WORDS_MS);
      await ended;
      clearTimeout(limit);
    },
  };
}

function clientOf({ host, port, security, ownRoots, user, pass }: ImapReaderOptions): ImapFlow {
  return new ImapFlow({
    host,
    port,
    secure: security === "tls",
    doSTARTTLS: security === "starttls",
    tls: trustedRoots(ownRoots),
    auth: { user, pass },
    logger: false,
  });
}

async function follow(client: ImapFlow, options: ImapReaderOptions, closing: AbortSignal): Promise<void> {
  await client.mailboxOpen(options.mailbox);
  let more = Promise.withResolvers<void>();
  client.on("exists", () => more.resolve());
  client.on("close", () => more.reject(new Error("the IMAP connection was closed")));
  more.promise.catch(() => {});
  closing.addEventListener("abort", () => more.resolve(), { once: true });

  while (!closing.aborted) {
    await readUnseen(client, options, closing);
    // The library would begin to idle only after fifteen quiet seconds. Any command of ours ends it.
    if (!closing.aborted) client.idle().catch(() => {});
    await more.promise;
    more = Promise.withResolvers<void>();
    more.promise.catch(() => {});
  }
}

async function readUnseen(client: ImapFlow, options: ImapReaderOptions, closing: AbortSignal): Promise<void> {
  const unseen = (await client.search({ seen: false }, { uid: true })) || [];
  for (const uid of unseen) {
    if (closing.aborted) return;
    const head = await client.fetchOne(String(uid), { size: true }, { uid: true });
    if (!head) continue;
    const flags = (head.size ?? 0) > options.largestBytes ? SET_ASIDE : await heard(client, uid, options);
    await client.messageFlagsAdd(String(uid), flags, { uid: true });
  }
}

/** Flagged, for a person to look at: seen, so that it does not stop those behind it. */
const SET_ASIDE = ["\\Seen", "\\Flagged"];

async function heard(client: ImapFlow, uid: number, options: ImapReaderOptions): Promise<string[]> {
  const mail = await client.fetchOne(String(uid), { source: true }, { uid: true });
  if (!mail || mail.source === undefined) return ["\\Seen"];
  const touches = await readProvenMail({ raw: mail.source, to: [], receivedAt: options.now() }, null, options).catch(
    (problem: unknown) => {
      options.onFault(problem);
      return null;
    },
  );
  if (touches === null) return SET_ASIDE;

  await options.hear(touches);
  return ["\\Seen"];
}
