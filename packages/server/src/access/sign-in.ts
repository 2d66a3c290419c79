import { randomBytes } from "node:crypto";
import { hash, verify } from "@node-rs/argon2";
import { normaliseEmail } from "@rapport/engine/identity/index";

import type { Clock } from "../platform/clock.ts";
import type { Database } from "../platform/database.ts";
import { Refused } from "../platform/http/problem.ts";
import { hashOf } from "./guard.ts";
import {
  findStaff,
  findStaffByEmail,
  insertSession,
  insertSignInToken,
  setPassword,
  type StaffRow,
  takeSignInToken,
} from "./store.ts";

const SESSION_MS = 12 * 3_600_000;
const TOKEN_MS = 24 * 3_600_000;
/** Wrong tries by one address, or from one place, before it has to wait. */
const MOST_TRIES = 8;
const TRIES_MS = 10 * 60_000;

export type SignedIn = { token: string; staff: StaffRow };

/** Signing in by password or by a token that works once. Argon2id with the library's defaults (19 MiB, OWASP's first choice). */
export function openSignIn(db: Database, clock: Clock, verifies: typeof verify = verify) {
  const tries = new Map<string, number[]>();
  // Verified against when there is no such person, so that the answer takes as long.
  const nobody = hash(randomBytes(16).toString("hex"));

  return {
    async byPassword(email: string, password: string, from: string): Promise<SignedIn> {
      const address = normaliseEmail(email) ?? email.toLowerCase();
      countTry(`email ${address}`);
      countTry(`from ${from}`);
      const staff = await findStaffByEmail(db, address);
      const matches = await verifies(staff?.passwordHash ?? (await nobody), password);
      if (!staff?.passwordHash || !matches)
        throw new Refused("access/wrong-credentials", "the e-mail address or the password is wrong");
      tries.delete(`email ${address}`);
      return openSession(staff);
    },

    async byToken(token: string, password: string, from: string): Promise<SignedIn> {
      countTry(`from ${from}`);
      const staffId = await takeSignInToken(db, hashOf(token), new Date(clock.now()));
      const staff = staffId ? await findStaff(db, staffId) : null;
      if (!staff)
        throw new Refused(
          "access/wrong-credentials",
          "this sign-in link was used before, or is too old: ask for a new one",
        );
      await setPassword(db, staff.staffId, await hash(password));
      return openSession(staff);
    },

    /** A token by which this person signs in once and chooses a password. */
    async invite(staffId: string): Promise<string> {
      const token = randomBytes(24).toString("base64url");
      await insertSignInToken(db, hashOf(token), staffId, new Date(clock.now() + TOKEN_MS));
      return token;
    },
  };

  async function openSession(staff: StaffRow): Promise<SignedIn> {
    const token = randomBytes(32).toString("base64url");
    const now = clock.now();
    await insertSession(db, hashOf(token), staff.staffId, new Date(now), new Date(now + SESSION_MS));
    return { token, staff };
  }

  function countTry(key: string): void {
    const now = clock.now();
    const recent = (tries.get(key) ?? []).filter((at) => at > now - TRIES_MS);
    const limit = key.startsWith("from ") ? MOST_TRIES * 5 : MOST_TRIES;
    if (recent.length >= limit)
      throw new Refused("access/too-many-tries", "too many tries: wait ten minutes", {
        retryAfterSeconds: TRIES_MS / 1_000,
      });
    tries.set(key, [...recent, now]);
    if (tries.size > 10_000) tries.clear();
  }
}

export type SignIns = ReturnType<typeof openSignIn>;
