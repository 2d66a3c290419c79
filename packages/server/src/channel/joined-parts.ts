/** One part of a message that came in several: `reference` tells the messages of one sender apart, `index` begins at 1. */
export type Part = { sender: string; reference: number; index: number; total: number; text: string };

type Waiting = { texts: (string | undefined)[]; since: number };

/** So many unfinished messages are kept; the oldest give way, so that a stranger cannot fill the memory. */
const MOST_WAITING = 1_000;

/** Joins parts, in whatever order and however often they come. Holds nothing for longer than it is told to. */
export class JoinedParts {
  readonly #waiting = new Map<string, Waiting>();

  /** The whole text once no part is missing, otherwise null. It is kept until it is `done` with. */
  add({ sender, reference, index, total, text }: Part, nowMs: number): string | null {
    const name = JSON.stringify([sender, reference, total]);
    const waiting = this.#waiting.get(name) ?? {
      texts: Array<string | undefined>(total).fill(undefined),
      since: nowMs,
    };
    if (index >= 1 && index <= total) waiting.texts[index - 1] = text;
    this.#waiting.set(name, waiting);
    if (waiting.texts.every((part) => part !== undefined)) return waiting.texts.join("");
    if (this.#waiting.size > MOST_WAITING) this.#waiting.delete(this.#waiting.keys().next().value ?? name);
    return null;
  }

  /** Forgets the message that this is a part of. */
  done({ sender, reference, total }: Part): void {
    this.#waiting.delete(JSON.stringify([sender, reference, total]));
  }

  /** Gives up on the messages begun before `beforeMs`: their sender, and what came of them. */
  giveUp(beforeMs: number): { sender: string; text: string }[] {
    const stale = [...this.#waiting].filter(([, { since }]) => since < beforeMs);
    return stale.map(([name, { texts }]) => {
      this.#waiting.delete(name);
      return { sender: String(JSON.parse(name)[0]), text: texts.map((part) => part ?? "…").join("") };
    });
  }
}
