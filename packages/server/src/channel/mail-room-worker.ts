import { setPriority } from "node:os";
import { parentPort } from "node:worker_threads";

import type { MailAnswer, MailJob } from "./mail-room.ts";
import { readMail } from "./read-mail.ts";
import { signedBy } from "./signed-by.ts";

/** Reads mails for `mail-room.ts`, one after the other. What no parser survives is a mail that cannot be read. */
async function read({ mail, head, reading, keys }: MailJob): Promise<MailAnswer> {
  try {
    const raw = Buffer.from(mail.raw);
    const touches = await readMail({ ...mail, raw }, reading);
    const signed = await signedBy(raw, head, { keys, domain: reading.domain, now: mail.receivedAt });
    return { kind: "read", read: { touches, signed } };
  } catch (fault) {
    return { kind: "unreadable", why: String(fault) };
  }
}

/** A third of the share of others: where there is too little of the machine, letters wait rather than requests. */
const NICENESS = 5;
// Elsewhere it would slow the whole process.
if (process.platform === "linux") setPriority(NICENESS);
parentPort?.on("message", (job: MailJob) => void read(job).then((answer) => parentPort?.postMessage(answer)));
parentPort?.postMessage("ready");
