import { once } from "node:events";
import { Worker } from "node:worker_threads";

import { openPeerTurns, type Peer } from "../platform/peer-turns.ts";
import type { InboundTouch } from "./gateway.ts";
import { type HeaderField, UnreadableMail } from "./mail-head.ts";
import type { IncomingMail, MailReading } from "./read-mail.ts";
import type { KnownKeys } from "./sender-evidence.ts";
import type { SignedBy } from "./signed-by.ts";

export type MailJob = { mail: IncomingMail; head: HeaderField[]; reading: MailReading; keys: KnownKeys };
export type MailRead = { touches: InboundTouch[]; signed: SignedBy };
export type MailAnswer = { kind: "read"; read: MailRead } | { kind: "unreadable"; why: string };

export type MailRoom = {
  /** `peer`: who brought it. Rejects with `UnreadableMail` what breaks the parser, takes too long, or all of the thread's memory. */
  read(job: MailJob, peer: Peer): Promise<MailRead>;
  close(): Promise<void>;
};
export type MailRoomLimits = { mailMs: number; memoryMb: number; threads: number };

const LIMITS: MailRoomLimits = { mailMs: 5_000, memoryMb: 256, threads: 2 };

/**
 * Reads mails in threads, so that a mail made to be slow does not hold up the process. A mail that is not read in time ends
 * with its thread. Peers take turns, each with one mail at a time, so that one peer's slow mails hold up its own, and
 * another's for one turn at most. Threads start at once: one that starts when letters come in masses starts while everything
 * else is busy, too.
 */
export function openMailRoom(limits: Partial<MailRoomLimits> = {}): MailRoom {
  const { mailMs, memoryMb, threads } = { ...LIMITS, ...limits };
  const desks = Array.from({ length: threads }, () => openDesk(mailMs, memoryMb));
  const free = [...desks];
  const turns = openPeerTurns(threads);

  async function readAtDesk(job: MailJob): Promise<MailAnswer> {
    const desk = free.shift();
    if (desk === undefined) throw new Error("more mails are read at once than there are threads");
    try {
      return await desk.read(job);
    } finally {
      free.push(desk);
    }
  }

  return {
    async read(job, peer) {
      const answer = await turns.within(peer, () => readAtDesk(job));
      if (answer.kind === "read") return answer.read;
      throw new UnreadableMail(answer.why);
    },
    async close() {
      await turns.empty();
      await Promise.all(desks.map((desk) => desk.close()));
    },
  };
}

/** A thread that reads one mail at a time. */
type Desk = { read(job: MailJob): Promise<MailAnswer>; close(): Promise<void> };

function openDesk(mailMs: number, memoryMb: number): Desk {
  let thread = startThread(memoryMb);
  return {
    async read(job) {
      if (!(await thread).isRunning()) thread = startThread(memoryMb);
      const { worker, isRunning } = await thread;
      if (!isRunning()) throw new Error("no thread to read mail in");
      worker.postMessage(job);
      try {
        const [answer] = await once(worker, "message", { signal: AbortSignal.timeout(mailMs) });
        return answer as MailAnswer;
      } catch (fault) {
        await worker.terminate();
        return { kind: "unreadable", why: String(fault) };
      }
    },
    async close() {
      await (await thread).worker.terminate();
    },
  };
}

type Thread = { worker: Worker; isRunning(): boolean };

/** Resolves also when the thread could not start: then it is not running. */
async function startThread(memoryMb: number): Promise<Thread> {
  const worker = new Worker(new URL("./mail-room-worker.ts", import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: memoryMb },
  });
  worker.unref();
  // Told of where it is waited for; a thread that ends in between is simply missed by the next mail.
  worker.on("error", () => undefined);
  let hasEnded = false;
  const ended = once(worker, "exit").then(() => (hasEnded = true));
  await Promise.race([once(worker, "message"), ended]).catch(() => undefined);
  return { worker, isRunning: () => !hasEnded };
}
