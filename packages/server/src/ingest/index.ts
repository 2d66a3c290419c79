export { ingestRoutes } from "./routes.ts";
export { rememberWriteKeys, type WriteKeys } from "./write-keys.ts";
export { type Acceptor, NotAccepted, openAcceptor } from "./accept.ts";
export { type Frame, type FrameHeader, pack, packFrames, unpack, unpackFrames } from "./frame.ts";
export { importCommand } from "./import-file.ts";
export { APART, readFrame, readSegmentBody } from "./read-frame.ts";
export { isNotServed, tellNotServed } from "./not-served.ts";
export { isTooDeep, MOST_DEEP } from "./is-too-deep.ts";
export { readCloudEvent } from "./read-cloudevent.ts";
export type { ReadEvent } from "./read-segment.ts";
export {
  claimIngestBatches,
  countWaiting,
  type DeadLetter,
  deleteIngestBatches,
  forgetSeen,
  hasSeen,
  type IngestBatch,
  insertDeadLetters,
  insertIngestBatch,
  rememberEventIds,
} from "./store.ts";
