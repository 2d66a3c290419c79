/** Whose deeds these are; null: many people's, such as the letters that a relay of ours brings. */
export type Peer = string | null;

export type PeerTurns = { within<T>(peer: Peer, deed: () => Promise<T>): Promise<T>; empty(): Promise<void> };

/**
 * Lets so many deeds go on at once, of each peer one, of nobody in particular (null) as many as there is room for. The peers
 * take turns, however many deeds of each are waiting. `empty` resolves when nothing goes on and nothing waits.
 */
export function openPeerTurns(size: number): PeerTurns {
  /** In the order of the next turn: a peer that has had its turn goes to the end. */
  const waiting = new Map<Peer, (() => void)[]>();
  const busy = new Set<Peer>();
  let underWay = 0;
  const whenEmpty: (() => void)[] = [];

  function toTheEnd(peer: Peer): void {
    const queue = waiting.get(peer) ?? [];
    waiting.delete(peer);
    if (queue.length > 0) waiting.set(peer, queue);
  }

  function begin(): void {
    for (const [peer, queue] of [...waiting]) {
      if (underWay >= size) return;
      if (peer !== null && busy.has(peer)) continue;
      const first = queue.shift();
      toTheEnd(peer);
      busy.add(peer);
      underWay += 1;
      first?.();
    }
    if (underWay === 0) for (const resolve of whenEmpty.splice(0)) resolve();
  }

  function end(peer: Peer): void {
    busy.delete(peer);
    underWay -= 1;
    toTheEnd(peer);
    begin();
  }

  return {
    async within<T>(peer: Peer, deed: () => Promise<T>): Promise<T> {
      await new Promise<void>((resolve) => {
        const queue = waiting.get(peer);
        if (queue) queue.push(resolve);
        else waiting.set(peer, [resolve]);
        begin();
      });
      try {
        return await deed();
      } finally {
        end(peer);
      }
    },
    empty: () => (underWay === 0 ? Promise.resolve() : new Promise((resolve) => whenEmpty.push(resolve))),
  };
}
