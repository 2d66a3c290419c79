export { keyedPeers } from "./peer.ts";
export { proofRoutes } from "./proof-routes.ts";
export { keepProofSettings, type ProofKeeper } from "./proof-settings.ts";
export { ingestRoutes } from "./routes.ts";
export { type KnownKey, rememberWriteKeys, type WriteKeys } from "./write-keys.ts";
export { type Acceptor, NotAccepted, openAcceptor } from "./accept.ts";
export { atShare, DEFAULT_RATES, NO_RATES, openRateLimits, type Rates } from "./rate-limits.ts";
export { withoutProof, withoutSecrets } from "./without-proof.ts";
export { tokenSecretOf } from "./user-proof.ts";
export { believe, type ProofRules } from "./believe.ts";
export { type Frame, type FrameHeader, pack, packFrames, unpack, unpackFrames } from "./frame.ts";
export { importCommand } from "./import-file.ts";
export { APART, readFrame, readSegmentBody } from "./read-frame.ts";
export { isNotServed, tellNotServed } from "./not-served.ts";
export { isTooDeep, MOST_DEEP } from "./nesting.ts";
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
