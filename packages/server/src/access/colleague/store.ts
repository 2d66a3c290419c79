import type { Role, Staff } from "@rapport/contract/api";

import type { Sql } from "../../platform/database.ts";

export type StaffRow = Staff & { passwordHash: string | null };

const STAFF = `staff_id as "staffId", email, name, role, password_hash as "passwordHash"`;

/** Nobody who is blocked. Index: staff_email_is_unique. */
export async function findStaffByEmail(db: Sql, email: string): Promise<StaffRow | null> {
  const { rows } = await db.query<StaffRow>(`select ${STAFF} from staff where email = $1 and disabled_at is null`, [
    email,
  ]);
  return rows[0] ?? null;
}

/** Nobody who is blocked. */
export async function findStaff(db: Sql, staffId: string): Promise<StaffRow | null> {
  const { rows } = await db.query<StaffRow>(`select ${STAFF} from staff where staff_id = $1 and disabled_at is null`, [
    staffId,
  ]);
  return rows[0] ?? null;
}

export async function insertStaff(db: Sql, row: Staff, at: Date): Promise<boolean> {
  const { rowCount } = await db.query(
    "insert into staff (staff_id, email, name, role, created_at) values ($1, $2, $3, $4, $5) on conflict do nothing",
    [row.staffId, row.email, row.name, row.role, at],
  );
  return rowCount === 1;
}

export type ColleagueRow = StaffRow & {
  blockedAt: Date | null;
  lastSeenAt: Date | null;
  hasSecondFactor: boolean;
  /** The name as the list is ordered by it. */
  place: string;
};

/** Blocked ones among them, by name, after this place. */
export async function listStaff(
  db: Sql,
  after: { place: string; staffId: string } | null,
  limit: number,
): Promise<ColleagueRow[]> {
  const { rows } = await db.query<ColleagueRow>(
    `select ${STAFF}, lower(name) as "place", disabled_at as "blockedAt", last_seen_at as "lastSeenAt",
            exists (select 1 from totp where totp.staff_id = staff.staff_id and confirmed_at is not null)
              or exists (select 1 from passkey where passkey.staff_id = staff.staff_id) as "hasSecondFactor"
       from staff
      where $2::uuid is null or (lower(name), staff_id) > ($1, $2)
      order by lower(name), staff_id limit $3`,
    [after?.place ?? null, after?.staffId ?? null, limit],
  );
  return rows;
}

/** Whether there is such a colleague, blocked or not. */
export async function isColleague(db: Sql, staffId: string): Promise<boolean> {
  const { rows } = await db.query("select 1 as found from staff where staff_id = $1", [staffId]);
  return rows.length > 0;
}

export async function hasStaffWithPassword(db: Sql): Promise<boolean> {
  const { rows } = await db.query("select 1 as found from staff where password_hash is not null limit 1");
  return rows.length > 0;
}

/**
 * A colleague who is not blocked, and that this stays so until the end of the transaction: who blocks the colleague waits,
 * and then ends every way in that was made here.
 */
export async function lockStaff(tx: Sql, staffId: string): Promise<StaffRow | null> {
  const { rows } = await tx.query<StaffRow>(
    `select ${STAFF} from staff where staff_id = $1 and disabled_at is null for update`,
    [staffId],
  );
  return rows[0] ?? null;
}

/** A new password ends every session and every other way in. The colleague's row is locked. */
export async function setPassword(tx: Sql, staffId: string, passwordHash: string): Promise<void> {
  await tx.query("update staff set password_hash = $2 where staff_id = $1", [staffId, passwordHash]);
  await endWaysIn(tx, staffId);
}

export type Standing = { role: Role; isBlocked: boolean; isLastAdmin: boolean };

/**
 * How a colleague stands, and that it stays so until the end of the transaction: whoever changes a role or blocks somebody
 * waits for all who do, so that two administrators cannot each take the other's place away at once. The last
 * administrator is one but for whom nobody has both the role and a password, and is not blocked.
 */
export async function lockStanding(tx: Sql, staffId: string): Promise<Standing | null> {
  await tx.query("select pg_advisory_xact_lock(9, 1)");
  const { rows } = await tx.query<Standing>(
    `select role, disabled_at is not null as "isBlocked",
            role = 'admin' and disabled_at is null and not exists (
              select 1 from staff other
               where other.staff_id <> staff.staff_id and other.role = 'admin' and other.disabled_at is null
                 and other.password_hash is not null) as "isLastAdmin"
       from staff where staff_id = $1`,
    [staffId],
  );
  return rows[0] ?? null;
}

export async function changeRole(tx: Sql, staffId: string, role: Role): Promise<void> {
  await tx.query("update staff set role = $2 where staff_id = $1", [staffId, role]);
}

/** Blocks a colleague: every session and every other way in ends with it. */
export async function blockStaff(tx: Sql, staffId: string, at: Date): Promise<void> {
  await tx.query("update staff set disabled_at = $2 where staff_id = $1", [staffId, at]);
  await endWaysIn(tx, staffId);
}

async function endWaysIn(tx: Sql, staffId: string): Promise<void> {
  await tx.query("delete from session where staff_id = $1", [staffId]);
  await tx.query("delete from sign_in_token where staff_id = $1", [staffId]);
  await tx.query("delete from sign_in_challenge where staff_id = $1", [staffId]);
}

export async function unblockStaff(tx: Sql, staffId: string): Promise<void> {
  await tx.query("update staff set disabled_at = null where staff_id = $1", [staffId]);
}
