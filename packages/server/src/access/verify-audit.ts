import type { Database } from "../platform/database.ts";
import { auditHash, auditAfter } from "./store.ts";

const PAGE = 1_000;

export type AuditVerdict = { kind: "whole"; entries: number } | { kind: "broken"; position: number };

/** Reads the whole audit log and follows its chain of hashes: the first entry that was changed, or before which one is missing. */
export async function verifyAudit(db: Database): Promise<AuditVerdict> {
  let previous: Buffer = Buffer.alloc(32);
  let entries = 0;
  let after = 0;
  for (;;) {
    const rows = await auditAfter(db, after, PAGE);
    for (const row of rows) {
      if (!row.previousHash.equals(previous) || !auditHash(previous, row).equals(row.hash))
        return { kind: "broken", position: row.position };
      previous = row.hash;
      entries += 1;
      after = row.position;
    }
    if (rows.length < PAGE) return { kind: "whole", entries };
  }
}
