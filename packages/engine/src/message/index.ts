export { chooseLocale } from "./choose-locale.ts";
export type { Lane } from "./lane.ts";
export { laneOf, type Message, messageIdOf } from "./message.ts";
export {
  applyStatus,
  foldStatus,
  isFinal,
  type MessageState,
  type Status,
  type StatusEntry,
} from "./message-status.ts";
