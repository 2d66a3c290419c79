import { type DecisionRecord, type PackedRecord, unpackRecord } from "@rapport/engine/decision/index";

import type { Sql } from "../platform/database.ts";

export type DecisionRow = {
  decisionId: string;
  customerId: string;
  name: string | null;
  at: Date;
  record: DecisionRecord;
};

type KeptRow = Omit<DecisionRow, "record"> & { record: PackedRecord };
const unpacked = (row: KeptRow): DecisionRow => ({ ...row, record: unpackRecord(row.record) });

export type DecisionQuery = {
  customer: { partition: number; customerId: string } | null;
  outcome: string | null;
  policy: string | null;
  action: string | null;
  /** Of this time, those whose ids are below `id`. */
  before: string;
  id: string;
  limit: number;
};

const DECISION = `d.decision_id as "decisionId", d.customer_id as "customerId", c.name, d.at, d.record::json`;

/** Newest first. Indexes: decision_by_time; decision_key for one customer. */
export async function decisionsBefore(db: Sql, asked: DecisionQuery): Promise<(DecisionRow & { micros: number })[]> {
  const { customer, outcome, policy, action, before, id, limit } = asked;
  const { rows } = await db.query<KeptRow & { micros: number }>(
    `select ${DECISION}, (extract(epoch from d.at) * 1000000)::bigint as "micros"
       from decision d left join customer c on c.partition = d.partition and c.customer_id = d.customer_id
      where d.at <= $1::timestamptz and (d.at, d.decision_id) < ($1::timestamptz, $8::uuid)
        and ($2::smallint is null or (d.partition = $2 and d.customer_id = $3))
        and ($4::text is null or d.outcome = $4) and ($5::text is null or d.policy = $5) and ($6::text is null or d.action = $6)
      order by d.at desc, d.decision_id desc limit $7`,
    [before, customer?.partition ?? null, customer?.customerId ?? null, outcome, policy, action, limit, id],
  );
  return rows.map((row) => ({ ...unpacked(row), micros: row.micros }));
}

/** Index: decision_key. */
export async function findDecision(
  db: Sql,
  partition: number,
  customerId: string,
  decisionId: string,
): Promise<DecisionRow | null> {
  const { rows } = await db.query<KeptRow>(
    `select ${DECISION}
       from decision d left join customer c on c.partition = d.partition and c.customer_id = d.customer_id
      where d.partition = $1 and d.customer_id = $2 and d.decision_id = $3`,
    [partition, customerId, decisionId],
  );
  return rows[0] ? unpacked(rows[0]) : null;
}

export type LedMessage = {
  messageId: string;
  channel: string;
  address: string;
  log: { status: string; at: number }[];
  detail: { subject?: string; text?: string } | null;
};

/** The message a decision led to, with its log. Index: message_key. */
export async function messageOf(
  db: Sql,
  partition: number,
  customerId: string,
  decisionId: string,
): Promise<LedMessage | null> {
  const { rows } = await db.query<LedMessage>(
    `select m.message_id as "messageId", m.channel, m.address,
            coalesce((select json_agg(json_build_object('status', s.status, 'at', (extract(epoch from s.at) * 1000)::float8) order by s.at)
                        from message_status s
                       where s.partition = m.partition and s.customer_id = m.customer_id and s.message_id = m.message_id), '[]') as "log",
            (select s.detail from message_status s
              where s.partition = m.partition and s.customer_id = m.customer_id and s.message_id = m.message_id and s.status = 'sent') as "detail"
       from message m
      where m.partition = $1 and m.customer_id = $2 and m.decision_id = $3`,
    [partition, customerId, decisionId],
  );
  return rows[0] ?? null;
}
