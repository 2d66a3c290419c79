/** One part of a message that came in several: `reference` tells the messages of one sender apart, `index` begins at 1. */
export type Part = { sender: string; reference: number; index: number; total: number; text: string };

/** A message that is heard without what is missing of it, which a "…" stands for. */
export type Unfinished = { sender: string; text: string };

type Waiting = { sender: string; texts: (string | undefined)[]; since: number };

/** So many unfinished messages are kept, so that a stranger cannot fill the memory, nor push out what others have begun. */
const MOST_WAITING = 1_000;
const MOST_OF_A_SENDER = 20;

/** Joins parts, in whatever order and however often they come. Holds nothing for longer than it is told to. */
export class JoinedParts {
  readonly #waiting = new Map<string, Waiting>();

  /**
   * `whole`: the text once no part is missing, otherwise null; it is kept until it is `done` with. `gaveWay`: the oldest
   * message, of this sender where it has too many, that had to make room.
   */
  add(
    { sender, reference, index, total, text }: Part,
    nowMs: number,
  ): { whole: string | null; gaveWay: Unfinished | null } {
    const name = JSON.stringify([sender, reference, total]);
    const waiting = this.#waiting.get(name) ?? {
      sender,
      texts: Array<string | undefined>(total).fill(undefined),
      since: nowMs,
    };
    if (index >= 1 && index <= total) waiting.texts[index - 1] = text;
    this.#waiting.set(name, waiting);
    if (waiting.texts.every((part) => part !== undefined)) return { whole: waiting.texts.join(""), gaveWay: null };
    return { whole: null, gaveWay: this.#makeRoom(sender) };
  }

  /** Forgets the message that this is a part of. */
  done({ sender, reference, total }: Part): void {
    this.#waiting.delete(JSON.stringify([sender, reference, total]));
  }

  /** Gives up on the messages begun before `beforeMs`. */
  giveUp(beforeMs: number): Unfinished[] {
    return [...this.#waiting].filter(([, { since }]) => since < beforeMs).map((stale) => this.#takeOut(stale));
  }

  /** The oldest first: a map keeps the order in which the messages were begun. */
  #makeRoom(sender: string): Unfinished | null {
    const all = [...this.#waiting];
    const own = all.filter(([, waiting]) => waiting.sender === sender);
    const [oldest] = own.length > MOST_OF_A_SENDER ? own : all.length > MOST_WAITING ? all : [];
    return oldest === undefined ? null : this.#takeOut(oldest);
  }

  #takeOut([name, { sender, texts }]: [string, Waiting]): Unfinished {
    this.#waiting.delete(name);
    return { sender, text: texts.map((part) => part ?? "…").join("") };
  }
}
