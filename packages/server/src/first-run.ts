import { randomBytes, randomUUID } from "node:crypto";

import { hashOf, hasStaffWithPassword, insertKey, insertStaff, type SignIns } from "./access/index.ts";
import type { Clock } from "./platform/clock.ts";
import type { Database } from "./platform/database.ts";
import { findSetting, saveSetting } from "./platform/setting-store.ts";

/** The person who may sign in first; renamed in the console as soon as there are others. */
export const FIRST_ADMIN = "admin@rapport.example";

/** As long as nobody has a password, a fresh one-time sign-in for the first administrator; otherwise null. */
export async function firstSignIn(db: Database, clock: Clock, signIns: SignIns): Promise<string | null> {
  if (await hasStaffWithPassword(db)) return null;
  const staff = { staffId: randomUUID(), email: FIRST_ADMIN, name: "Administrator", role: "admin" } as const;
  if (await insertStaff(db, staff, new Date(clock.now()))) await saveSetting(db, "first-admin", staff.staffId);
  const staffId = (await findSetting(db, "first-admin")) as string;
  return signIns.invite(staffId);
}

/** A write key for what the demo and the command line send in: made once. */
export async function ownWriteKey(db: Database, clock: Clock): Promise<string> {
  const known = await findSetting(db, "own-write-key");
  if (typeof known === "string") return known;
  const secret = `rk_write_${randomBytes(24).toString("base64url")}`;
  const key = {
    apiKeyId: randomUUID(),
    name: "own",
    scope: "write",
    prefix: secret.slice(0, 13),
    createdBy: "hub",
    createdAt: new Date(clock.now()),
  } as const;
  await insertKey(db, key, hashOf(secret));
  await saveSetting(db, "own-write-key", secret);
  return secret;
}
