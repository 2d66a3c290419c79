import type { Staff } from "@rapport/contract/api";

import type { Database, Sql } from "../../platform/database.ts";

export type NewSession = {
  tokenHash: Buffer;
  staffId: string;
  /** As it was when the password was compared: should it have changed since, nobody gets in. */
  passwordHash: string | null;
  address: string;
  browser: string | null;
  now: Date;
  expiresAt: Date;
};

/**
 * Opens a session, unless the colleague was blocked or has another password by now. The row of the colleague is locked,
 * so that who blocks or changes the password at the same moment ends this session too. Of more than fifty the oldest end.
 */
export async function insertSession(db: Database, one: NewSession): Promise<boolean> {
  return db.transaction(async (tx) => {
    const { rowCount } = await tx.query(
      `insert into session (token_hash, staff_id, address, browser, created_at, last_seen_at, confirmed_at, expires_at)
       select $1, staff_id, $4, $5, $6, $6, $6, $7
         from (select staff_id from staff
                where staff_id = $2 and disabled_at is null and password_hash is not distinct from $3 for share) staff`,
      [one.tokenHash, one.staffId, one.passwordHash, one.address, one.browser, one.now, one.expiresAt],
    );
    await tx.query(
      `delete from session where staff_id = $1 and token_hash in
        (select token_hash from session where staff_id = $1 order by created_at desc, session_id offset 50)`,
      [one.staffId],
    );
    await tx.query("update staff set last_seen_at = $2 where staff_id = $1", [one.staffId, one.now]);
    return rowCount === 1;
  });
}

export type OpenSession = Staff & {
  sessionId: string;
  lastSeenAt: Date | null;
  confirmedAt: Date | null;
  /** A second factor is required, and this colleague has none as yet. */
  mustEnrol: boolean;
};

/** Of a row of `staff`: a second factor is required, and this colleague has none. */
const MUST_ENROL = `(
  coalesce((select value::text = 'true' from setting where setting.name = 'two-factor-required'), false)
    and not exists (select 1 from totp where totp.staff_id = staff.staff_id and totp.confirmed_at is not null)
    and not exists (select 1 from passkey where passkey.staff_id = staff.staff_id))`;

/** Index: session_key. */
export async function findSession(db: Sql, tokenHash: Buffer, now: Date): Promise<OpenSession | null> {
  const { rows } = await db.query<OpenSession>(
    `select staff.staff_id as "staffId", email, name, role, session_id as "sessionId",
            session.last_seen_at as "lastSeenAt", confirmed_at as "confirmedAt",
            ${MUST_ENROL} as "mustEnrol"
       from session join staff using (staff_id)
      where token_hash = $1 and expires_at > $2 and disabled_at is null`,
    [tokenHash, now],
  );
  return rows[0] ?? null;
}

/** Remembers when a session was last used. */
export async function touchSession(db: Sql, sessionId: string, staffId: string, now: Date): Promise<void> {
  await db.query(
    `with seen as (update session set last_seen_at = $3 where session_id = $1 and staff_id = $2)
     update staff set last_seen_at = $3 where staff_id = $2`,
    [sessionId, staffId, now],
  );
}

export async function confirmSession(db: Sql, sessionId: string, staffId: string, now: Date): Promise<void> {
  await db.query("update session set confirmed_at = $3 where session_id = $1 and staff_id = $2", [
    sessionId,
    staffId,
    now,
  ]);
}

export type SessionRow = {
  sessionId: string;
  createdAt: Date;
  lastSeenAt: Date | null;
  address: string | null;
  browser: string | null;
};

/** The sessions of one colleague that have not ended, last used first. There are never more than fifty. Index: session_by_staff. */
export async function listSessions(db: Sql, staffId: string, now: Date): Promise<SessionRow[]> {
  const { rows } = await db.query<SessionRow>(
    `select session_id as "sessionId", created_at as "createdAt", last_seen_at as "lastSeenAt", address, browser
       from session where staff_id = $1 and expires_at > $2 order by last_seen_at desc nulls last, session_id`,
    [staffId, now],
  );
  return rows;
}

export async function deleteSession(db: Sql, tokenHash: Buffer): Promise<void> {
  await db.query("delete from session where token_hash = $1", [tokenHash]);
}

/** Ends one session of a colleague. Index: session_by_staff. */
export async function endSession(db: Sql, staffId: string, sessionId: string): Promise<boolean> {
  const { rowCount } = await db.query("delete from session where staff_id = $1 and session_id = $2", [
    staffId,
    sessionId,
  ]);
  return rowCount === 1;
}

/** Ends all sessions of a colleague but `except`. Index: session_by_staff. */
export async function endSessions(db: Sql, staffId: string, except: string | null): Promise<number> {
  const { rowCount } = await db.query(
    "delete from session where staff_id = $1 and ($2::uuid is null or session_id <> $2)",
    [staffId, except],
  );
  return rowCount ?? 0;
}

/** Of these sessions, those that may still see what is for colleagues: nobody's who must set up a second factor first. */
export async function openSessionsOf(db: Sql, sessionIds: string[], now: Date): Promise<Set<string>> {
  const { rows } = await db.query<{ sessionId: string }>(
    `select session_id as "sessionId" from session join staff using (staff_id)
      where session_id = any($1::uuid[]) and expires_at > $2 and disabled_at is null and not ${MUST_ENROL}`,
    [sessionIds, now],
  );
  return new Set(rows.map((row) => row.sessionId));
}

export type SignInToken = { tokenHash: Buffer; staffId: string; expiresAt: Date };

/** Index: sign_in_token_by_staff. */
export async function insertSignInToken(tx: Sql, one: SignInToken, others: "stay" | "are void"): Promise<void> {
  if (others === "are void") await tx.query("delete from sign_in_token where staff_id = $1", [one.staffId]);
  await tx.query("insert into sign_in_token (token_hash, staff_id, expires_at) values ($1, $2, $3)", [
    one.tokenHash,
    one.staffId,
    one.expiresAt,
  ]);
}

/** Whom a token lets in. */
export async function findSignInToken(db: Sql, tokenHash: Buffer, now: Date): Promise<string | null> {
  const { rows } = await db.query<{ staffId: string }>(
    `select staff_id as "staffId" from sign_in_token where token_hash = $1 and expires_at > $2`,
    [tokenHash, now],
  );
  return rows[0]?.staffId ?? null;
}

/** Uses a token up: of two who do, one gets true. */
export async function deleteSignInToken(tx: Sql, tokenHash: Buffer): Promise<boolean> {
  const { rowCount } = await tx.query("delete from sign_in_token where token_hash = $1", [tokenHash]);
  return rowCount === 1;
}

export type Challenge = {
  purpose: "second-factor" | "sign-in" | "new-passkey";
  /** Null only while it is not known who signs in. */
  staffId: string | null;
  challenge: string | null;
};

export async function insertChallenge(db: Sql, tokenHash: Buffer, one: Challenge, expiresAt: Date): Promise<void> {
  await db.query(
    "insert into sign_in_challenge (token_hash, purpose, staff_id, challenge, expires_at) values ($1, $2, $3, $4, $5)",
    [tokenHash, one.purpose, one.staffId, one.challenge, expiresAt],
  );
}

export async function findChallenge(db: Sql, tokenHash: Buffer, now: Date): Promise<Challenge | null> {
  const { rows } = await db.query<Challenge>(
    `select purpose, staff_id as "staffId", challenge from sign_in_challenge where token_hash = $1 and expires_at > $2`,
    [tokenHash, now],
  );
  return rows[0] ?? null;
}

/** What a passkey has to sign; what it had to before is void. */
export async function setChallenge(db: Sql, tokenHash: Buffer, challenge: string | null): Promise<void> {
  await db.query("update sign_in_challenge set challenge = $2 where token_hash = $1", [tokenHash, challenge]);
}

export async function deleteChallenge(db: Sql, tokenHash: Buffer): Promise<boolean> {
  const { rowCount } = await db.query("delete from sign_in_challenge where token_hash = $1", [tokenHash]);
  return rowCount === 1;
}

/** What has run out and would be refused anyway. */
export async function forgetEnded(db: Sql, now: Date): Promise<void> {
  await db.query("delete from session where expires_at < $1", [now]);
  await db.query("delete from sign_in_token where expires_at < $1", [now]);
  await db.query("delete from sign_in_challenge where expires_at < $1", [now]);
}
