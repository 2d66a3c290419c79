/** What may become of a message. The last three of each line end it, unless better news comes late. */
export type Status =
  | "planned"
  | "queued"
  | "sending"
  | "sent"
  | "delivered"
  | "seen"
  | "answered"
  | "suppressed"
  | "expired"
  | "failed";

/** One line of the append-only log: a step of ours, or a provider's receipt. */
export type StatusEntry = {
  status: Status;
  at: number;
  /** Which attempt to send it, from 1; 0 before the first. A retry is `queued` with the next attempt. */
  attempt: number;
  /** Why it failed, was suppressed or is queued again: a stable code. */
  reason: string | null;
};

/** Where a message stands. `reachedAt` has each status it was ever in with the earliest time told for it. */
export type MessageState = {
  status: Status;
  attempt: number;
  reason: string | null;
  at: number;
  reachedAt: Partial<Record<Status, number>>;
};

/**
 * Later in this order wins, whenever it is told. Until the message is handed off the newer attempt wins first. A proof
 * that it arrived beats a failure: a relay may report a delay or a bounce of a copy for a message that was delivered.
 */
const ORDER: readonly Status[] = [
  "planned",
  "queued",
  "sending",
  "suppressed",
  "sent",
  "expired",
  "failed",
  "delivered",
  "seen",
  "answered",
];
const FIRST_FINAL = ORDER.indexOf("suppressed");

/**
 * Takes one more line of the log into account. Lines may come late, repeated and in any order: the state is the same in
 * the end. `news` is the status this line reached for the first time, so that each is counted once; null for none.
 */
export function applyStatus(
  state: MessageState | null,
  entry: StatusEntry,
): { state: MessageState; news: Status | null } {
  const { status, at, attempt, reason } = entry;
  const known = state?.reachedAt[status];
  const reachedAt = { ...state?.reachedAt, [status]: known === undefined ? at : Math.min(known, at) };
  const news = known === undefined ? status : null;
  if (state && compareEntries(entry, state) <= 0) return { state: { ...state, reachedAt }, news };
  return { state: { status, attempt, reason, at, reachedAt }, news };
}

/** The state that a log comes to, in whatever order its lines stand; null for an empty one. */
export function foldStatus(log: readonly StatusEntry[]): MessageState | null {
  return log.reduce<MessageState | null>((state, entry) => applyStatus(state, entry).state, null);
}

/** Is there nothing left for the hub to do about it? */
export function isFinal({ status }: Pick<MessageState, "status">): boolean {
  return ORDER.indexOf(status) >= FIRST_FINAL;
}

/** Positive when `a` says more than `b`. Of two that say the same the earlier one is kept, then the smaller reason. */
function compareEntries(a: StatusEntry, b: StatusEntry): number {
  const [rankA, rankB] = [ORDER.indexOf(a.status), ORDER.indexOf(b.status)];
  if (rankA < FIRST_FINAL && rankB < FIRST_FINAL && a.attempt !== b.attempt) return a.attempt - b.attempt;
  if (rankA !== rankB) return rankA - rankB;
  if (a.attempt !== b.attempt) return a.attempt - b.attempt;
  if (a.at !== b.at) return b.at - a.at;
  const [reasonA, reasonB] = [a.reason ?? "", b.reason ?? ""];
  return reasonA < reasonB ? 1 : reasonA > reasonB ? -1 : 0;
}
