/** What waits in a partition at one look: the first and the last position, null when nothing does. */
export type Look = { partition: number; first: number | null; last: number | null };

/** Everything up to this position was there at this moment, monotonic ms. */
type Mark = { upTo: number; at: number };

/** Marks kept for one partition: an hour at one look in five seconds. Beyond, every other one goes. */
const MOST_MARKS = 720;

/**
 * How long the oldest event of each partition has waited. The queue keeps no times, so what each look saw is remembered:
 * the oldest event there now was there already at the first look whose last position it does not pass. True to within the
 * time between two looks, and never too long.
 */
export class LagWatch {
  readonly #now: () => number;
  readonly #marks = new Map<number, Mark[]>();

  /** `now` is monotonic, in milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
  }

  look(looks: readonly Look[]): void {
    const now = this.#now();
    for (const { partition, first, last } of looks) {
      if (first === null || last === null) {
        this.#marks.delete(partition);
        continue;
      }
      const marks = (this.#marks.get(partition) ?? []).filter(({ upTo }) => upTo >= first);
      if ((marks.at(-1)?.upTo ?? -1) < last) marks.push({ upTo: last, at: now });
      this.#marks.set(partition, marks.length > MOST_MARKS ? marks.filter((_, index) => index % 2 === 0) : marks);
    }
  }

  /** Milliseconds; 0 for a partition where nothing waits. */
  waitingMs(partition: number): number {
    const [oldest] = this.#marks.get(partition) ?? [];
    return oldest ? Math.round(this.#now() - oldest.at) : 0;
  }
}
