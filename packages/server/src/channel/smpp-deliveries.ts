import { createHash } from "node:crypto";

/** One delivery of a message, and what is known of our answer to it. */
export type Delivery = {
  id: string;
  /** Ids under which another process, or this one before it began anew, may have heard the same. */
  earlierIds: readonly string[];
  /** Whether what it tells has been heard. */
  heard: boolean;
  /** `doubtful`: the centre may not have got our answer, so that it would deliver again. */
  answer: "open" | "sent" | "doubtful";
  at: number;
};

/** A centre that got no answer tries again within minutes; after that an equal text is a new one. */
const DOUBT_LASTS_MS = 10 * 60_000;
/** A delivery that nobody remembers is named by its minute. */
const MINUTE_MS = 60_000;
/** Another process may have heard it a moment ago; this one, before it began anew, some minutes ago. */
const MINUTES_BACK = { running: 1, begun: 10 };
const MOST_REMEMBERED = 20_000;

/**
 * Tells a message that is delivered again from another one with the same words. SMPP 3.4 gives a delivered message no id
 * and no time (4.6.1: both time fields are null, and sequence numbers are the session's own), so an equal one is the
 * same only as long as our answer to the first is missing, came late, or may have been lost with its link.
 */
export class SmppDeliveries {
  readonly #known = new Map<string, Delivery>();
  readonly #begunAt: number;
  #told = 0;

  constructor(nowMs: number) {
    this.#begunAt = nowMs;
  }

  /** The delivery of these words: the one before, if they may be delivered again, or a new one. */
  of(words: readonly (string | number)[], nowMs: number): Delivery {
    const name = idOf(...words);
    const before = this.#known.get(name);
    const isRecent = before !== undefined && nowMs - before.at < DOUBT_LASTS_MS;
    if (isRecent && before.answer !== "sent") {
      before.answer = "open";
      return before;
    }
    const minute = Math.floor(nowMs / MINUTE_MS);
    const back = nowMs - this.#begunAt < DOUBT_LASTS_MS ? MINUTES_BACK.begun : MINUTES_BACK.running;
    const delivery: Delivery = {
      // Answered just now, so the sender says it a second time.
      id: isRecent ? idOf(name, nowMs, ++this.#told) : idOf(name, minute),
      earlierIds: isRecent ? [] : Array.from({ length: back }, (_, index) => idOf(name, minute - 1 - index)),
      heard: false,
      answer: "open",
      at: nowMs,
    };
    this.#known.delete(name);
    this.#known.set(name, delivery);
    if (this.#known.size > MOST_REMEMBERED) this.#known.delete(this.#known.keys().next().value ?? name);
    return delivery;
  }
}

function idOf(...parts: readonly (string | number)[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 32);
}
