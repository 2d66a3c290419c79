import { createHmac } from "node:crypto";

import type { Clock } from "../../platform/clock.ts";
import type { Database } from "../../platform/database.ts";
import { Refused } from "../../platform/http/problem.ts";
import { peerOf } from "../../platform/peer-of.ts";
import { addTry, emptyTries, isKnown, type Limit } from "./store.ts";

const TEN_MINUTES = 600_000;
const KNOWN_MS = 90 * 86_400_000;
/**
 * How many tries fit into ten minutes. Strict for one account from one peer: that is where a password is guessed. Looser
 * for one account from all the peers that it has never signed in from: many guess together, but a colleague who is known
 * at a peer is not held up by what others try elsewhere, so nobody can be locked out for ever by a stranger. A code is
 * only asked for once the password was right, so it is counted by account alone.
 */
const LIMITS = {
  peer: { most: 40, windowMs: TEN_MINUTES },
  accountFromPeer: { most: 8, windowMs: TEN_MINUTES },
  accountFromStrangers: { most: 40, windowMs: TEN_MINUTES },
  account: { most: 8, windowMs: TEN_MINUTES },
} satisfies Record<string, Limit>;

/** Counts tries to sign in, in the database, so that all processes count together. Throws `access/too-many-tries`. */
export function countTries(db: Database, clock: Clock, secret: string) {
  const hashOf = (...parts: string[]) => createHmac("sha256", secret).update(JSON.stringify(parts)).digest();
  const count = async (limit: keyof typeof LIMITS, ...of: string[]): Promise<void> => {
    const { isFull } = await addTry(db, hashOf(limit, ...of), new Date(clock.now()), LIMITS[limit]);
    if (!isFull) return;
    const { most, windowMs } = LIMITS[limit];
    const retryAfterSeconds = Math.ceil(windowMs / most / 1_000);
    throw new Refused("access/too-many-tries", "too many tries: wait a few minutes", { retryAfterSeconds });
  };

  return {
    /** By anything that lets somebody in. */
    fromPeer: (address: string): Promise<void> => count("peer", peerOf(address)),

    /** Of a password for an account, whether or not there is one. */
    async ofPassword(account: string, address: string): Promise<void> {
      const peer = peerOf(address);
      await count("peer", peer);
      await count("accountFromPeer", account, peer);
      const known = await isKnown(db, hashOf("accountFromPeer", account, peer), new Date(clock.now()));
      if (!known) await count("accountFromStrangers", account);
    },

    /** Of a second factor, or of the own password once more: by somebody who was let in so far. */
    ofProof: (account: string): Promise<void> => count("account", account),

    /** Whoever got in is known at this peer from now on. */
    async welcome(account: string, address: string): Promise<void> {
      const now = clock.now();
      await emptyTries(
        db,
        hashOf("accountFromPeer", account, peerOf(address)),
        new Date(now),
        new Date(now + KNOWN_MS),
      );
    },
  };
}

export type Tries = ReturnType<typeof countTries>;
