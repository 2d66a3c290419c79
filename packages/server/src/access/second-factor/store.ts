import type { Database, Sql } from "../../platform/database.ts";

export type TotpRow = { secret: Buffer; confirmedAt: Date | null };

/** A new secret in the place of one that was never confirmed; a confirmed one stays. */
export async function offerTotp(db: Sql, staffId: string, secret: Buffer): Promise<boolean> {
  const { rowCount } = await db.query(
    `insert into totp as known (staff_id, secret) values ($1, $2)
         on conflict (staff_id) do update set secret = excluded.secret where known.confirmed_at is null`,
    [staffId, secret],
  );
  return rowCount === 1;
}

export async function findTotp(db: Sql, staffId: string): Promise<TotpRow | null> {
  const { rows } = await db.query<TotpRow>(
    `select secret, confirmed_at as "confirmedAt" from totp where staff_id = $1`,
    [staffId],
  );
  return rows[0] ?? null;
}

/** Whether there was one to be confirmed. */
export async function confirmTotp(db: Sql, staffId: string, at: Date): Promise<boolean> {
  const { rowCount } = await db.query(
    "update totp set confirmed_at = $2 where staff_id = $1 and confirmed_at is null",
    [staffId, at],
  );
  return rowCount === 1;
}

/** Uses the code of a step up, and with it those of all steps before. */
export async function useTotpStep(db: Sql, staffId: string, step: number): Promise<boolean> {
  const { rowCount } = await db.query(
    "update totp set last_step = $2 where staff_id = $1 and (last_step is null or last_step < $2)",
    [staffId, step],
  );
  return rowCount === 1;
}

export async function deleteTotp(db: Sql, staffId: string): Promise<boolean> {
  const { rowCount } = await db.query("delete from totp where staff_id = $1 and confirmed_at is not null", [staffId]);
  return rowCount === 1;
}

/** New recovery codes in the place of all before. */
export async function replaceRecoveryCodes(db: Database, staffId: string, codeHashes: Buffer[]): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.query("delete from recovery_code where staff_id = $1", [staffId]);
    await tx.query("insert into recovery_code (staff_id, code_hash) select $1, unnest($2::bytea[])", [
      staffId,
      codeHashes,
    ]);
  });
}

/** Uses a recovery code up. */
export async function takeRecoveryCode(db: Sql, staffId: string, codeHash: Buffer): Promise<boolean> {
  const { rowCount } = await db.query("delete from recovery_code where staff_id = $1 and code_hash = $2", [
    staffId,
    codeHash,
  ]);
  return rowCount === 1;
}

export async function countRecoveryCodes(db: Sql, staffId: string): Promise<number> {
  const { rows } = await db.query<{ left: number }>(
    `select count(*) as "left" from recovery_code where staff_id = $1`,
    [staffId],
  );
  return rows[0]?.left ?? 0;
}

export type PasskeyRow = {
  passkeyId: string;
  staffId: string;
  name: string;
  publicKey: Buffer;
  counter: number;
  transports: string[];
  createdAt: Date;
  lastUsedAt: Date | null;
};
const PASSKEY = `passkey_id as "passkeyId", staff_id as "staffId", name, public_key as "publicKey", counter, transports, created_at as "createdAt", last_used_at as "lastUsedAt"`;

/** Up to ten of one colleague; false when there are ten, or when somebody has this very one. */
export async function insertPasskey(db: Sql, row: Omit<PasskeyRow, "lastUsedAt">): Promise<boolean> {
  const { rowCount } = await db.query(
    `insert into passkey (passkey_id, staff_id, name, public_key, counter, transports, created_at)
     select $1, $2, $3, $4, $5, $6, $7 where (select count(*) from passkey where staff_id = $2) < 10
         on conflict do nothing`,
    [row.passkeyId, row.staffId, row.name, row.publicKey, row.counter, row.transports, row.createdAt],
  );
  return rowCount === 1;
}

/** Index: passkey_by_staff. */
export async function listPasskeys(db: Sql, staffId: string): Promise<PasskeyRow[]> {
  const { rows } = await db.query<PasskeyRow>(
    `select ${PASSKEY} from passkey where staff_id = $1 order by created_at, passkey_id`,
    [staffId],
  );
  return rows;
}

export async function findPasskey(db: Sql, passkeyId: string): Promise<PasskeyRow | null> {
  const { rows } = await db.query<PasskeyRow>(`select ${PASSKEY} from passkey where passkey_id = $1`, [passkeyId]);
  return rows[0] ?? null;
}

export async function touchPasskey(db: Sql, passkeyId: string, counter: number, at: Date): Promise<void> {
  await db.query("update passkey set counter = greatest(counter, $2), last_used_at = $3 where passkey_id = $1", [
    passkeyId,
    counter,
    at,
  ]);
}

export async function deletePasskey(db: Sql, staffId: string, passkeyId: string): Promise<boolean> {
  const { rowCount } = await db.query("delete from passkey where staff_id = $1 and passkey_id = $2", [
    staffId,
    passkeyId,
  ]);
  return rowCount === 1;
}

/** Whatever a colleague has of second factors goes; false when there was nothing. */
export async function deleteSecondFactors(tx: Sql, staffId: string): Promise<boolean> {
  const gone = [
    await tx.query("delete from totp where staff_id = $1", [staffId]),
    await tx.query("delete from passkey where staff_id = $1", [staffId]),
    await tx.query("delete from recovery_code where staff_id = $1", [staffId]),
  ];
  return gone.some(({ rowCount }) => (rowCount ?? 0) > 0);
}

const REQUIRED = "two-factor-required";

export async function isSecondFactorRequired(db: Sql): Promise<boolean> {
  const { rows } = await db.query<{ value: boolean }>("select value from setting where name = $1", [REQUIRED]);
  return rows[0]?.value === true;
}

/** Whether this changes anything: when nothing was said, none is required. */
export async function requireSecondFactor(db: Sql, required: boolean): Promise<boolean> {
  const { rowCount } = await db.query(
    `insert into setting as known (name, value)
     select $1, $2::text::json where $2::text = 'true' or exists (select 1 from setting where name = $1)
         on conflict (name) do update set value = excluded.value where known.value::text <> excluded.value::text`,
    [REQUIRED, JSON.stringify(required)],
  );
  return rowCount === 1;
}
