import type { Lane } from "./gateway.ts";

export type LaneRoom = { within<T>(lane: Lane, deed: () => Promise<T>): Promise<T>; empty(): Promise<void> };

/** Lets so many in at once; who waits is let in by lane, the most urgent first. `empty` resolves when nobody is inside. */
export function openLaneRoom(size: number): LaneRoom {
  const waiting: Record<Lane, (() => void)[]> = {
    emergency: [],
    transactional: [],
    conversation: [],
    journey: [],
    campaign: [],
    housekeeping: [],
  };
  let inside = 0;
  const whenEmpty: (() => void)[] = [];

  const leave = () => {
    const next = Object.values(waiting)
      .find((queue) => queue.length > 0)
      ?.shift();
    if (next !== undefined) return next();
    inside--;
    if (inside === 0) for (const resolve of whenEmpty.splice(0)) resolve();
  };
  return {
    async within<T>(lane: Lane, deed: () => Promise<T>): Promise<T> {
      if (inside < size) inside++;
      else await new Promise<void>((resolve) => waiting[lane].push(resolve));
      try {
        return await deed();
      } finally {
        leave();
      }
    },
    empty: (): Promise<void> => (inside === 0 ? Promise.resolve() : new Promise((resolve) => whenEmpty.push(resolve))),
  };
}
