import type { Database } from "../database.ts";
import { countOwners, dropLeases, type Lease, takeLeases } from "./store.ts";

/** A lease lapses this long after its last renewal: a dead owner's work moves on within ten seconds. */
const LEASE_SECONDS = 6;
const RENEW_MS = 1_500;

export type LeaseKeeper = {
  /** The leases held now. A stalled process may still believe in one it has lost: the token, checked inside each transaction, decides. */
  held(): ReadonlyMap<string, Lease>;
  close(): Promise<void>;
};

/**
 * Keeps a fair share of the named leases in this process: with n live owners, each holds at most a n-th, so a newcomer
 * finds some to take. `onChange` is told when the set held changes.
 */
export function openLeaseKeeper(
  db: Database,
  owner: string,
  names: string[],
  onChange: (held: ReadonlyMap<string, Lease>) => void,
): LeaseKeeper {
  const prefix = (names[0] ?? "").split("/")[0] ?? "";
  let held = new Map<string, Lease>();
  let closed = false;
  let round: Promise<void> = renew();
  const timer = setInterval(() => {
    round = round.then(renew);
  }, RENEW_MS);

  async function renew(): Promise<void> {
    if (closed) return;
    try {
      const owners = await countOwners(db, prefix);
      const others = owners.filter((one) => one.owner !== owner).length;
      const share = Math.ceil(names.length / (others + 1));
      const mine = [...held.keys()].slice(0, share);
      const surplus = [...held.keys()].slice(share);
      if (surplus.length > 0) await dropLeases(db, surplus, owner);
      const wanted = mine.length < share ? [...mine, ...names.filter((name) => !held.has(name))] : mine;
      settle(await takeLeases(db, wanted, owner, LEASE_SECONDS), share);
    } catch {
      // The database is away: nothing can be done under a lease meanwhile, and the next round tries again.
    }
  }

  function settle(taken: Lease[], share: number): void {
    const before = [...held.values()]
      .map((lease) => `${lease.name}#${lease.token}`)
      .sort()
      .join();
    const kept = taken.sort((a, b) => Number(held.has(b.name)) - Number(held.has(a.name))).slice(0, Math.max(share, 1));
    held = new Map(kept.map((lease) => [lease.name, lease]));
    const surplus = taken.filter((lease) => !held.has(lease.name)).map((lease) => lease.name);
    if (surplus.length > 0) void dropLeases(db, surplus, owner).catch(() => undefined);
    if (
      [...held.values()]
        .map((lease) => `${lease.name}#${lease.token}`)
        .sort()
        .join() !== before
    )
      onChange(held);
  }

  return {
    held: () => held,
    async close() {
      closed = true;
      clearInterval(timer);
      await round;
      if (held.size > 0) await dropLeases(db, [...held.keys()], owner).catch(() => undefined);
      held = new Map();
    },
  };
}
