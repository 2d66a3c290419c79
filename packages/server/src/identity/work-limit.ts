import type { IdentityGraph } from "@rapport/engine/identity/index";

/**
 * Work on one cluster in one round: statements about it, each as much as the cluster has identifiers, links and cuts. A
 * cluster of a thousand of these costs ten milliseconds a statement.
 */
const MOST_WORK = 6_000;

/** Keeps one cluster from taking all of the resolver's time: what it asks for beyond this goes aside. */
export class WorkLimit {
  /** What each cluster has cost in this round. */
  #work = new Map<string, number>();
  /** Clusters that cost too much: nothing more of them in this round. */
  #costly = new Set<string>();
  /** Clusters of which something is aside: what comes of them goes there, too, as long as it is. */
  readonly #aside = new Set<string>();

  /** A round begins: of what is aside, or of what has just come. */
  begin(of: "aside" | "queue"): void {
    this.#work = new Map();
    this.#costly = new Set(of === "queue" ? this.#aside : []);
  }

  /** Whether there is room for one more statement about these; the first of a round always has room, so that each gets on. */
  spend(touched: readonly string[], graphs: readonly IdentityGraph[]): boolean {
    const spent = sumOf(touched.map((id) => this.#work.get(id) ?? 0));
    const cost = sumOf(graphs.map(sizeOf));
    const isCostly = touched.some((id) => this.#costly.has(id));
    if (!isCostly && (spent === 0 || spent + cost <= MOST_WORK)) {
      const [first] = touched;
      if (first !== undefined) this.#work.set(first, spent + cost);
      return true;
    }
    // Only who has cost something: not whoever is named together with one of these for the first time.
    for (const id of touched) {
      if (!this.#work.has(id) && !this.#costly.has(id)) continue;
      this.#costly.add(id);
      this.#aside.add(id);
    }
    return false;
  }

  /** What was asked for has been written. */
  startAnew(): void {
    this.#work = new Map();
  }

  /** Nothing is aside any more. */
  nothingAside(): void {
    this.#aside.clear();
  }

  forget(): void {
    this.#work = new Map();
    this.#costly = new Set();
    this.#aside.clear();
  }
}

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, one) => sum + one, 0);
const sizeOf = ({ nodes, links, cuts }: IdentityGraph): number =>
  Object.keys(nodes).length + links.length + cuts.length;
