import type { Database } from "../../packages/server/src/platform/database.ts";
import { eventually } from "./hub-site.ts";
import type { Load } from "./load.ts";

/** What the database holds against what clients were told; every list is empty when all is well. */
export type Reconciled = {
  applied: number;
  /** Acknowledged and not on any timeline. */
  lost: string[];
  /** On more than one timeline, or twice on one. */
  twice: string[];
  /** On a timeline, though nobody sent it. */
  strange: string[];
  /** Customers whose profile counts other than their timeline. */
  miscounted: string[];
  deadLetters: number;
};

/** Waits until nothing is on its way between the stages. */
export async function settled(db: Database, withinMs = 40_000): Promise<void> {
  await eventually(
    async () => {
      const { rows } = await db
        .query<{ waiting: number }>(
          "select (select count(*) from ingest_batch) + (select count(*) from ingest_aside) + (select count(*) from inbox) + (select count(*) from outbox where not_before <= now()) as waiting",
        )
        .catch(() => ({ rows: [{ waiting: 1 }] }));
      return rows[0]?.waiting === 0;
    },
    "nothing waits between the stages",
    withinMs,
  );
}

/** Compares the clients' ledger with the timelines, and the timelines with the profiles folded from them. */
export async function reconcile(
  db: Database,
  load: Pick<Load, "acknowledged" | "sent">,
  tag: string,
  /** The id space of the load's key, where others say the same ids in theirs. */
  space = "%",
): Promise<Reconciled> {
  const { rows } = await db.query<{ id: string; times: number }>(
    // Clients' ids stand in the space of their key: its name, a slash, the id.
    "select split_part(event_id, '/', 2) as id, count(*) as times from event where event_id like $2 || '/' || $1 || '-%' group by 1",
    [tag, space],
  );
  const stored = new Map(rows.map((row) => [row.id, row.times]));
  const { rows: miscounted } = await db.query<{ id: string }>(
    `select c.customer_id as id from customer c
      where (c.state::json->>'events')::int <>
            (select count(*) from event e where e.partition = c.partition and e.customer_id = c.customer_id)
          + (select count(*) from decision d where d.partition = c.partition and d.customer_id = c.customer_id)`,
  );
  const { rows: dead } = await db.query<{ n: number }>("select count(*) as n from dead_letter");
  return {
    applied: stored.size,
    lost: [...load.acknowledged].filter((id) => !stored.has(id)),
    twice: [...stored].filter(([, times]) => times > 1).map(([id]) => id),
    strange: [...stored.keys()].filter((id) => !load.sent.has(id)),
    miscounted: miscounted.map((row) => row.id),
    deadLetters: dead[0]?.n ?? 0,
  };
}
