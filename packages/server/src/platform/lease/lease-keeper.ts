import type { Database } from "../database.ts";
import {
  announceOwner,
  countOwners,
  dropLeases,
  type Lease,
  registerLeases,
  renewLeases,
  takeLeases,
} from "./store.ts";

/** A lease lapses this long after its last renewal: a dead owner's work moves on within ten seconds. */
const LEASE_SECONDS = 6;
const RENEW_MS = 1_500;

export type LeaseKeeper = {
  /** The leases held now. A stalled process may still believe in one it has lost: the token, checked inside each transaction, decides. */
  held(): ReadonlyMap<string, Lease>;
  close(): Promise<void>;
};

/**
 * Keeps a fair share of the named leases in this process: every owner says that it is here, and with n of them each
 * holds at most an n-th, so a newcomer finds some to take. `onChange` is told when the set held changes.
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
      if (held.size === 0) await registerLeases(db, names);
      await announceOwner(db, prefix, owner, LEASE_SECONDS);
      const share = Math.ceil(names.length / Math.max(1, await countOwners(db, prefix)));
      const surplus = [...held.keys()].slice(share);
      if (surplus.length > 0) await dropLeases(db, surplus, owner);
      const kept = await renewLeases(db, [...held.keys()].slice(0, share), owner, LEASE_SECONDS);
      const room = share - kept.length;
      settle(room > 0 ? [...kept, ...(await takeLeases(db, names, owner, LEASE_SECONDS, room))] : kept);
    } catch {
      // The database is away: nothing can be done under a lease meanwhile, and the next round tries again.
    }
  }

  function settle(now: Lease[]): void {
    const isAsBefore = now.length === held.size && now.every((lease) => held.get(lease.name)?.token === lease.token);
    held = new Map(now.map((lease) => [lease.name, lease]));
    if (!isAsBefore) onChange(held);
  }

  return {
    held: () => held,
    async close() {
      closed = true;
      clearInterval(timer);
      await round;
      await dropLeases(db, [...held.keys(), `${prefix}:${owner}`], owner).catch(() => undefined);
      held = new Map();
    },
  };
}
