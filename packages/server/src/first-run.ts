import { randomBytes, randomUUID } from "node:crypto";

import { hashOf, hasStaffWithPassword, insertKey, insertStaff, type SignIns } from "./access/index.ts";
import type { Clock } from "./platform/clock.ts";
import type { Database } from "./platform/database.ts";
import { settle } from "./platform/setting-store.ts";

/** The person who may sign in first; renamed in the console as soon as there are others. */
export const FIRST_ADMIN = "admin@rapport.example";

/** As long as nobody has a password, a fresh one-time sign-in for the first administrator; otherwise null. */
export async function firstSignIn(db: Database, clock: Clock, signIns: SignIns): Promise<string | null> {
  if (await hasStaffWithPassword(db)) return null;
  const staff = { staffId: randomUUID(), email: FIRST_ADMIN, name: "Administrator", role: "admin" } as const;
  const staffId = await db.transaction(async (tx) => {
    const settled = await settle<string>(tx, "first-admin", staff.staffId);
    if (settled === staff.staffId) await insertStaff(tx, staff, new Date(clock.now()));
    return settled;
  });
  return signIns.invite(staffId);
}

/** A server key for what the demo and the command line send in: made once, whichever of several processes comes first. */
export async function ownWriteKey(db: Database, clock: Clock): Promise<string> {
  const secret = `rk_server_${randomBytes(24).toString("base64url")}`;
  const key = {
    apiKeyId: randomUUID(),
    name: "own",
    scope: "write",
    origin: "server",
    idGroup: null,
    prefix: secret.slice(0, 14),
    createdBy: "hub",
    createdAt: new Date(clock.now()),
  } as const;
  return db.transaction(async (tx) => {
    const settled = await settle<string>(tx, "own-write-key", secret);
    if (settled === secret) await insertKey(tx, key, hashOf(secret));
    return settled;
  });
}
