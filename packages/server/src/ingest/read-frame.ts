import type { Event } from "@rapport/contract/event";

import { readJson } from "../platform/read-json.ts";
import { believe, type ProofRules } from "./believe.ts";
import { CALL_BYTES, CLOUDEVENT_BYTES } from "./body-of.ts";
import { isLarger, tooLargeReason } from "./larger.ts";
import type { Frame } from "./frame.ts";
import { DEEPEST, isTooDeep, nestingOf } from "./nesting.ts";
import { readCloudEvent } from "./read-cloudevent.ts";
import { type ReadEvent, readSegmentCall } from "./read-segment.ts";
import { sharedBytes, sharedFault, type SharedParts } from "./shared-parts.ts";
import { withoutProof } from "./without-proof.ts";

/** An undo of a merge travels as an event of this name. */
export const APART = "identity.apart";

/** Reads what was kept into events, each good or with the reason why not. Never throws: a frame that cannot be read is one fault. */
export function readFrame(frame: Frame, rules: ProofRules): ReadEvent[] {
  let body: unknown;
  try {
    const text = Buffer.from(frame.body.buffer, frame.body.byteOffset, frame.body.length).toString("utf8");
    body = readJson(text);
  } catch (error) {
    return [{ kind: "fault", field: "", reason: `not JSON: ${(error as Error).message}`, raw: null }];
  }
  const read = readBody(body, frame, rules);
  return nestingOf(frame.body) > DEEPEST ? read.map(refuseTooDeep) : read;
}

/** The raw value is not kept with it, as it cannot be written out. */
function refuseTooDeep(read: ReadEvent): ReadEvent {
  if (!isTooDeep(read.kind === "event" ? read.event : read.raw, DEEPEST)) return read;
  return { kind: "fault", field: "", reason: `nested deeper than ${DEEPEST}`, raw: null };
}

function readBody(body: unknown, frame: Frame, rules: ProofRules): ReadEvent[] {
  switch (frame.format) {
    case "segment":
      return readSegmentBody(body, frame, rules);
    case "cloudevent":
      return readCloudEvents(body, frame, rules);
    case "event":
      return ([body].flat() as Event[]).map((event) => ({
        kind: "event",
        event,
        stated: event.kind === "alias",
        anonymousId: null,
      }));
  }
}

/** One call, or a batch whose `context` and `integrations` are merged into its calls. */
export function readSegmentBody(body: unknown, frame: Omit<Frame, "body">, rules: ProofRules): ReadEvent[] {
  const batch = (body as { batch?: unknown } | null)?.batch;
  const shared: SharedParts = Array.isArray(batch) ? (body as SharedParts) : {};
  const read = (call: unknown, index: number, sentAt: unknown) => {
    const received = { at: frame.receivedAt, source: frame.source, origin: frame.origin, sentAt };
    const one = readSegmentCall(withShared(call, shared), frame.call, { ...received, id: `${frame.frameId}-${index}` });
    return asSent(believe(one, frame, rules), call);
  };
  const most = CALL_BYTES - sharedBytes(shared);
  if (!Array.isArray(batch)) return [read(body, 0, undefined)];
  const fault = sharedFault(shared, batch.length);
  if (fault) return [{ kind: "fault", ...fault, raw: null }];
  const { sentAt } = body as { sentAt?: unknown };
  return batch.map((call, index) => tooLargeIn(frame, call, most) ?? read(call, index, sentAt));
}

/** One event in structured form, or a list of them. */
export function readCloudEvents(body: unknown, frame: Omit<Frame, "body">, rules: ProofRules): ReadEvent[] {
  const received = { at: frame.receivedAt, source: frame.source, origin: frame.origin };
  return [body]
    .flat()
    .map(
      (one) =>
        tooLargeIn(frame, one, CLOUDEVENT_BYTES) ?? asSent(believe(readCloudEvent(one, received), frame, rules), one),
    );
}

/** Looked at only where the door has found one that is: writing each out takes time. */
function tooLargeIn({ holdsTooLarge }: Omit<Frame, "body">, one: unknown, most: number): ReadEvent | null {
  if (!holdsTooLarge || !isLarger(one, most)) return null;
  return asSent({ kind: "fault", field: "", reason: tooLargeReason(most), raw: one }, one);
}

/** What is refused is kept as it was sent, with all that is needed to read it again, but for what lets somebody in. */
function asSent(read: ReadEvent, raw: unknown): ReadEvent {
  return read.kind === "event" ? read : { ...read, raw: withoutKey(withoutProof(raw)) };
}

/** A write key may come in the body of a single call. */
function withoutKey(raw: unknown): unknown {
  if (typeof raw !== "object" || raw === null || !Object.hasOwn(raw, "writeKey")) return raw;
  const { writeKey: _, ...call } = raw as { writeKey: unknown };
  return call;
}

/** A call with what its batch shares. A call without a context of its own has the batch's, and no copy of it. */
function withShared(call: unknown, { context, integrations }: SharedParts): unknown {
  if (typeof call !== "object" || call === null || (!context && !integrations)) return call;
  const own = call as Record<string, unknown>;
  return {
    ...own,
    context: own.context ? { ...(context as object), ...(own.context as object) } : context,
    integrations: own.integrations ?? integrations,
  };
}
