export { withOrigin } from "./event-from-before.ts";
export { behindOthers } from "./behind-others.ts";
export { fromInboxBody, HOUSEKEEPING, type InboxItem, PARTITIONS, partitionOf, toInboxRows } from "./inbox-item.ts";
export {
  addTallies,
  insertInbox,
  lagByPartition,
  type PartitionLag,
  partitionsWaiting,
  setTimers,
} from "./queue/store.ts";
export { decisionEventsBefore, loadEvents, loadProfiles } from "./store.ts";
export { rebuildCommand, rebuildProfiles } from "./rebuild.ts";
export { openPartitionWorker, type PartitionWorker } from "./partition-worker.ts";
export { foldTimeline } from "./apply-batch.ts";
