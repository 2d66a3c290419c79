import { type FrameHeader, insertIngestBatch, packFrames } from "../../ingest/index.ts";
import { type InboxItem, insertInbox, toInboxRows } from "../../partition/index.ts";
import type { Sql } from "../../platform/database.ts";
import type { ReturnedLetter } from "./store.ts";

const HOUSEKEEPING = 5;

/**
 * Gives letters back to the stage that set them aside, in the transaction that takes them. What could not be applied goes
 * to its partition: it has its id as before, so that what stands on a timeline already is not applied twice. What could
 * not be read goes to the resolver as it came in, under its frame's format, source and time; only calls without an id of
 * their own are named anew, as their neighbours may have their old names.
 */
export async function returnLetters(tx: Sql, letters: ReturnedLetter[], now: Date): Promise<void> {
  const items = letters.filter(({ frame }) => frame === null).flatMap(itemsIn);
  const rows = toInboxRows(items.map((item) => ({ lane: HOUSEKEEPING, item })));
  if (rows.length > 0) await insertInbox(tx, rows);

  const frames = letters.flatMap(({ deadLetterId, frame, body }) =>
    frame === null ? [] : [{ ...frame, frameId: `${frame.frameId}-${deadLetterId}`, lane: HOUSEKEEPING, body }],
  );
  if (frames.length === 0) return;
  const events = frames.reduce((sum, { body, ...frame }) => sum + eventsIn(frame, body), 0);
  await insertIngestBatch(tx, now, events, packFrames(frames));
}

/** What of a partition's batch could not be applied; a letter of an older version holds one item by itself. */
const itemsIn = ({ body }: ReturnedLetter): InboxItem[] => [JSON.parse(body.toString("utf8"))].flat();

/** How much work a frame is; what is no JSON is one fault. */
function eventsIn({ format }: FrameHeader, body: Buffer): number {
  try {
    const said: unknown = JSON.parse(body.toString("utf8"));
    const many = format === "segment" ? (said as { batch?: unknown } | null)?.batch : said;
    return Array.isArray(many) ? many.length : 1;
  } catch {
    return 1;
  }
}
