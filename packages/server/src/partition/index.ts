export { fromInboxBody, type InboxItem, PARTITIONS, partitionOf, toInboxRows } from "./inbox-item.ts";
export {
  addTallies,
  insertInbox,
  decisionEventsBefore,
  lagByPartition,
  loadEvents,
  loadProfiles,
  type PartitionLag,
  partitionsWaiting,
  setTimers,
} from "./store.ts";
export { rebuildCommand, rebuildProfiles } from "./rebuild.ts";
export { openPartitionWorker, type PartitionWorker } from "./partition-worker.ts";
export { foldTimeline } from "./apply-batch.ts";
