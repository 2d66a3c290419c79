import { once } from "node:events";
import { Worker } from "node:worker_threads";

import type { InboundTouch } from "./gateway.ts";
import { type HeaderField, UnreadableMail } from "./mail-head.ts";
import type { IncomingMail, MailReading } from "./read-mail.ts";
import type { KnownKeys } from "./sender-evidence.ts";
import type { SignedBy } from "./signed-by.ts";

export type MailJob = { mail: IncomingMail; head: HeaderField[]; reading: MailReading; keys: KnownKeys };
export type MailRead = { touches: InboundTouch[]; signed: SignedBy };
export type MailAnswer = { kind: "read"; read: MailRead } | { kind: "unreadable"; why: string };

export type MailRoom = {
  /** Rejects with `UnreadableMail` what breaks the parser, takes too long, or all of the thread's memory. */
  read(job: MailJob): Promise<MailRead>;
  close(): Promise<void>;
};
export type MailRoomLimits = { mailMs: number; memoryMb: number; threads: number };

const LIMITS: MailRoomLimits = { mailMs: 5_000, memoryMb: 256, threads: 2 };

/**
 * Reads mails in threads, each one after the other, so that a mail made to be slow holds up neither the process nor, while
 * another thread is left, other mails. A mail that is not read in time ends with its thread. Threads start at once: one
 * that starts when letters come in masses starts while everything else is busy, too.
 */
export function openMailRoom(limits: Partial<MailRoomLimits> = {}): MailRoom {
  const { mailMs, memoryMb, threads } = { ...LIMITS, ...limits };
  const desks = Array.from({ length: threads }, () => openDesk(mailMs, memoryMb));
  return {
    async read(job) {
      const free = desks.reduce((least, desk) => (desk.waiting() < least.waiting() ? desk : least));
      const answer = await free.read(job);
      if (answer.kind === "read") return answer.read;
      throw new UnreadableMail(answer.why);
    },
    async close() {
      await Promise.all(desks.map((desk) => desk.close()));
    },
  };
}

type Desk = { waiting(): number; read(job: MailJob): Promise<MailAnswer>; close(): Promise<void> };

function openDesk(mailMs: number, memoryMb: number): Desk {
  let thread = startThread(memoryMb);
  let turn: Promise<unknown> = Promise.resolve();
  let waiting = 0;

  async function readInTurn(job: MailJob): Promise<MailAnswer> {
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
  }

  return {
    waiting: () => waiting,
    read(job) {
      waiting += 1;
      const mine = turn.then(() => readInTurn(job)).finally(() => (waiting -= 1));
      turn = mine.catch(() => undefined);
      return mine;
    },
    async close() {
      await turn;
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
