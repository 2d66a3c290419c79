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

const OWN_KEYS = {
  server: { name: "own", setting: "own-write-key" },
  browser: { name: "own pages", setting: "own-browser-key" },
} as const;

/**
 * A write key to begin with: a server's, for what the demo and the command line send in, or a browser's, for pages. Made
 * once, whichever of several processes comes first.
 */
export async function ownWriteKey(db: Database, clock: Clock, origin: "server" | "browser"): Promise<string> {
  const { name, setting } = OWN_KEYS[origin];
  const secret = `rk_${origin}_${randomBytes(24).toString("base64url")}`;
  const key = {
    apiKeyId: randomUUID(),
    name,
    scope: "write",
    origin,
    idGroup: null,
    prefix: secret.slice(0, origin.length + 8),
    createdBy: "hub",
    createdAt: new Date(clock.now()),
  } as const;
  return db.transaction(async (tx) => {
    const settled = await settle<string>(tx, setting, secret);
    if (settled === secret) await insertKey(tx, key, hashOf(secret));
    return settled;
  });
}
