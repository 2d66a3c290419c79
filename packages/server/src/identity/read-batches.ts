import { setImmediate as nextTurn } from "node:timers/promises";
import type { Event } from "@rapport/contract/event";

import {
  type DeadLetter,
  type Frame,
  type IngestBatch,
  isTooDeep,
  MOST_DEEP,
  type ProofRules,
  type ReadEvent,
  readFrame,
  unpackFrames,
  withoutProof,
  withoutSecrets,
} from "../ingest/index.ts";
import { readJson } from "../platform/read-json.ts";

/** One event, and the frame it came in. */
export type Read = { frame: Frame; event: Event; stated: boolean };

/**
 * Events read in one turn of the event loop, about: a long queue holds up the doors of the same process for ten milliseconds.
 * In turns of two hundred the loop over a million customers took an eighth longer, in these it takes no longer.
 */
const IN_A_TURN = 1_000;

/** The events of these batches in their order. What cannot be read is a dead letter, and stops nothing. */
export async function readBatches(
  batches: IngestBatch[],
  rules: ProofRules,
): Promise<{ read: Read[]; letters: DeadLetter[] }> {
  const letters: DeadLetter[] = [];
  const frames = batches.flatMap(({ position, body }) =>
    orSetAside(letters, { source: `batch ${position}`, body }, () => unpackFrames(body)),
  );
  const read: Read[][] = [];
  let inThisTurn = 0;
  for (const frame of frames) {
    const kept = { source: frame.source, body: Buffer.from(frame.body) };
    const some = orSetAside(letters, kept, () => readGood(frame, letters, rules));
    read.push(some);
    inThisTurn += some.length;
    if (inThisTurn < IN_A_TURN) continue;
    await nextTurn();
    inThisTurn = 0;
  }
  return { read: read.flat(), letters };
}

/** What is read; nothing where that throws, and then the bytes are set aside as they are. */
function orSetAside<T>(letters: DeadLetter[], kept: Pick<DeadLetter, "source" | "body">, read: () => T[]): T[] {
  try {
    return read();
  } catch (fault) {
    letters.push({ ...kept, frame: null, stage: "resolve", reason: `not readable: ${String(fault)}` });
    return [];
  }
}

function readGood(frame: Frame, letters: DeadLetter[], rules: ProofRules): Read[] {
  const read = readFrame(frame, rules);
  const faults = read.filter((one) => one.kind === "fault");
  if (faults.length > 0) letters.push(letterOfFaults(frame, faults, read.length));
  return read.flatMap((one) => (one.kind === "event" ? [{ frame, event: one.event, stated: one.stated }] : []));
}

type Fault = Extract<ReadEvent, { kind: "fault" }>;
/** Different reasons named in one letter. */
const MOST_REASONS = 5;

/** What was refused of one request is one letter, however many calls it holds. */
function letterOfFaults(frame: Frame, faults: Fault[], calls: number): DeadLetter {
  const reasons = [...new Set(faults.map(({ field, reason }) => `${field}: ${reason}`))];
  const told = reasons.slice(0, MOST_REASONS).join("; ") + (reasons.length > MOST_REASONS ? "; …" : "");
  const reason = calls === 1 ? told : `${faults.length} of ${calls} calls refused: ${told}`;
  const raws = faults.map(({ raw }) => raw);
  if (raws.includes(null)) return unreturnable(frame, reason);
  return letterOf(frame, reason, asRequest(frame, raws));
}

/** The refused calls as a request of their own, with what their batch said once for all of them. */
function asRequest(frame: Frame, raws: unknown[]): unknown {
  if (frame.format !== "segment") return raws;
  const body = readJson(Buffer.from(frame.body).toString("utf8"));
  const { batch, context, integrations, sentAt } = (body ?? {}) as Record<string, unknown>;
  if (!Array.isArray(batch)) return raws[0];
  return { ...withoutProof({ context, integrations, sentAt }), batch: raws };
}

/**
 * What cannot be read again is kept as it came, but for what lets somebody in; of a browser, which may have hidden a
 * visitor's proof in it, nothing is kept.
 */
function unreturnable(frame: Frame, reason: string): DeadLetter {
  const kept = frame.origin === "browser" ? "not kept, as it cannot be read" : withoutSecrets(textOf(frame));
  return { ...letterOf(frame, reason, kept), frame: null };
}

const textOf = ({ body }: Frame): string => Buffer.from(body).toString("utf8");

/** With its frame's header: what is kept of it is what a frame of that kind may hold, so that it can be read again. */
export function letterOf({ body: _, ...header }: Frame, reason: string, raw: unknown): DeadLetter {
  const isKept = !isTooDeep(raw, MOST_DEEP + 8);
  return {
    stage: "resolve",
    source: header.source,
    reason: reason.toWellFormed().replaceAll("\0", ""),
    body: Buffer.from(isKept ? JSON.stringify(raw) : `too deep to be kept: ${reason}`),
    frame: isKept ? header : null,
  };
}
