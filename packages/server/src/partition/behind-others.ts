import { HOUSEKEEPING, type InboxItem } from "./inbox-item.ts";

/** Events of one customer that go with everybody's, of those that come together. */
const MOST_OF_ONE = 100;
const JOURNEY = 3;

type Item = { lane: number; item: InboxItem };

/**
 * What a customer has too much of goes behind its neighbours in the partition: into the last lane, which is read when the
 * others are empty, and in small portions. Moves go there, too, so none overtakes an event that it has to take along.
 * More urgent lanes are left alone.
 */
export function behindOthers(items: Item[]): Item[] {
  const counts = new Map<string, number>();
  return items.map((one) => {
    if (one.item.kind !== "event" || one.lane < JOURNEY) return one;
    const count = (counts.get(one.item.customerId) ?? 0) + 1;
    counts.set(one.item.customerId, count);
    return count > MOST_OF_ONE ? { ...one, lane: HOUSEKEEPING } : one;
  });
}
