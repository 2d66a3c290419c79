import { createHash } from "node:crypto";

import type { Database, Sql } from "../platform/database.ts";

export type KeyRow = {
  apiKeyId: string;
  name: string;
  scope: "write" | "read" | "admin";
  /** Who speaks with a write key; null for the others. */
  origin: "server" | "browser" | null;
  /** Write keys of one origin that name the same group share their message ids. */
  idGroup: string | null;
  prefix: string;
  createdBy: string;
  createdAt: Date;
  revokedAt: Date | null;
};
const KEY = `api_key_id as "apiKeyId", name, scope, origin, id_group as "idGroup", prefix, created_by as "createdBy", created_at as "createdAt", revoked_at as "revokedAt"`;

export async function insertKey(db: Sql, row: Omit<KeyRow, "revokedAt">, keyHash: Buffer): Promise<void> {
  await db.query(
    `insert into api_key (api_key_id, name, scope, origin, id_group, prefix, key_hash, created_by, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [row.apiKeyId, row.name, row.scope, row.origin, row.idGroup, row.prefix, keyHash, row.createdBy, row.createdAt],
  );
}

/** Newest first, revoked ones among them. */
export async function listKeys(
  db: Sql,
  before: string,
  id: string,
  limit: number,
): Promise<(KeyRow & { micros: number })[]> {
  const { rows } = await db.query<KeyRow & { micros: number }>(
    `select ${KEY}, (extract(epoch from created_at) * 1000000)::bigint as "micros" from api_key
      where (created_at, api_key_id) < ($1::timestamptz, $2::uuid) order by created_at desc, api_key_id desc limit $3`,
    [before, id, limit],
  );
  return rows;
}

/** Index: api_key_hash_is_unique. */
export async function findKey(db: Sql, keyHash: Buffer): Promise<KeyRow | null> {
  const { rows } = await db.query<KeyRow>(`select ${KEY} from api_key where key_hash = $1 and revoked_at is null`, [
    keyHash,
  ]);
  return rows[0] ?? null;
}

export async function revokeKey(db: Sql, apiKeyId: string, at: Date): Promise<boolean> {
  const { rowCount } = await db.query(
    "update api_key set revoked_at = $2 where api_key_id = $1 and revoked_at is null",
    [apiKeyId, at],
  );
  return rowCount === 1;
}

/** Of a write key in force; answers who spoke with it before, null when there is no such key. */
export async function changeKeyOrigin(
  db: Sql,
  apiKeyId: string,
  origin: "server" | "browser",
): Promise<"server" | "browser" | null> {
  const { rows } = await db.query<{ before: "server" | "browser" }>(
    `update api_key k set origin = $2
       from (select api_key_id, origin from api_key
              where api_key_id = $1 and scope = 'write' and revoked_at is null for update) known
      where k.api_key_id = known.api_key_id
     returning known.origin as "before"`,
    [apiKeyId, origin],
  );
  return rows[0]?.before ?? null;
}

export type AuditEntry = { at: Date; actor: string; action: string; subject: string; detail: unknown };

/** Appends to the audit log: each row's hash covers its words and the hash before, so that a change shows. */
export async function appendAudit(db: Database, entry: AuditEntry): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.query("select pg_advisory_xact_lock(9, 0)");
    const { rows } = await tx.query<{ hash: Buffer }>("select hash from audit order by position desc limit 1");
    const previous = rows[0]?.hash ?? Buffer.alloc(32);
    await tx.query(
      `insert into audit (at, actor, action, subject, detail, previous_hash, hash) values ($1, $2, $3, $4, $5, $6, $7)`,
      [
        entry.at,
        entry.actor,
        entry.action,
        entry.subject,
        JSON.stringify(entry.detail),
        previous,
        auditHash(previous, entry),
      ],
    );
  });
}

export function auditHash(previous: Buffer, { at, actor, action, subject, detail }: AuditEntry): Buffer {
  return createHash("sha256")
    .update(previous)
    .update(JSON.stringify([at.getTime(), actor, action, subject, detail]))
    .digest();
}

export type AuditRow = AuditEntry & { position: number; previousHash: Buffer; hash: Buffer };

export async function listAudit(db: Sql, before: number, limit: number): Promise<AuditRow[]> {
  const { rows } = await db.query<AuditRow>(
    `select position, at, actor, action, subject, detail, previous_hash as "previousHash", hash
       from audit where position < $1 order by position desc limit $2`,
    [before, limit],
  );
  return rows;
}

/** Oldest first. Index: primary key. */
export async function auditAfter(db: Sql, after: number, limit: number): Promise<AuditRow[]> {
  const { rows } = await db.query<AuditRow>(
    `select position, at, actor, action, subject, detail, previous_hash as "previousHash", hash
       from audit where position > $1 order by position limit $2`,
    [after, limit],
  );
  return rows;
}

export type Replay = { requestHash: Buffer; status: number | null; response: unknown };

/** Begins a request under an idempotency key, or tells what is known of the one before it. */
export async function beginIdempotent(
  db: Sql,
  actor: string,
  key: string,
  requestHash: Buffer,
  at: Date,
): Promise<Replay | null> {
  const { rowCount } = await db.query(
    `insert into idempotency as known (actor, key, request_hash, created_at) values ($1, $2, $3, $4)
         on conflict (actor, key) do update set created_at = excluded.created_at
      where known.status is null and known.created_at < excluded.created_at - interval '1 minute'`,
    [actor, key, requestHash, at],
  );
  if (rowCount === 1) return null;
  const { rows } = await db.query<Replay>(
    `select request_hash as "requestHash", status, response from idempotency where actor = $1 and key = $2`,
    [actor, key],
  );
  return rows[0] ?? null;
}

export async function endIdempotent(
  db: Sql,
  actor: string,
  key: string,
  status: number,
  response: unknown,
): Promise<void> {
  await db.query("update idempotency set status = $3, response = $4 where actor = $1 and key = $2", [
    actor,
    key,
    status,
    JSON.stringify(response),
  ]);
}

/** A request that was refused leaves nothing behind: the same key may try again. */
export async function forgetIdempotent(db: Sql, actor: string, key: string): Promise<void> {
  await db.query("delete from idempotency where actor = $1 and key = $2 and status is null", [actor, key]);
}

/** Of these keys, those in force. */
export async function keysInForce(db: Sql, apiKeyIds: string[]): Promise<Set<string>> {
  const { rows } = await db.query<{ apiKeyId: string }>(
    `select api_key_id as "apiKeyId" from api_key where api_key_id = any($1::uuid[]) and revoked_at is null`,
    [apiKeyIds],
  );
  return new Set(rows.map((row) => row.apiKeyId));
}
