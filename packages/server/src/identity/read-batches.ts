import type { Event } from "@rapport/contract/event";

import {
  type DeadLetter,
  type Frame,
  type IngestBatch,
  isTooDeep,
  MOST_DEEP,
  readFrame,
  unpackFrames,
} from "../ingest/index.ts";

/** One event, and the frame it came in. */
export type Read = { frame: Frame; event: Event; stated: boolean };

/** The events of these batches in their order. What cannot be read is a dead letter, and stops nothing. */
export function readBatches(batches: IngestBatch[]): { read: Read[]; letters: DeadLetter[] } {
  const letters: DeadLetter[] = [];
  const frames = batches.flatMap(({ position, body }) =>
    orSetAside(letters, { source: `batch ${position}`, body }, () => unpackFrames(body)),
  );
  const read = frames.flatMap((frame) =>
    orSetAside(letters, { source: frame.source, body: Buffer.from(frame.body) }, () => readGood(frame, letters)),
  );
  return { read, letters };
}

/** What is read; nothing where that throws, and then the bytes are set aside as they are. */
function orSetAside<T>(letters: DeadLetter[], kept: Pick<DeadLetter, "source" | "body">, read: () => T[]): T[] {
  try {
    return read();
  } catch (fault) {
    letters.push({ ...kept, stage: "resolve", reason: `not readable: ${String(fault)}` });
    return [];
  }
}

function readGood(frame: Frame, letters: DeadLetter[]): Read[] {
  return readFrame(frame).flatMap((read): Read[] => {
    if (read.kind === "event") return [{ frame, event: read.event, stated: read.stated }];
    letters.push(
      letterOf(frame, `${read.field}: ${read.reason}`, read.raw ?? Buffer.from(frame.body).toString("utf8")),
    );
    return [];
  });
}

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
