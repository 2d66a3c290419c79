import type { Sql } from "../../platform/database.ts";

/** A message, or a part of one, as it is handed off; `parts` are the ids of all parts where it has several. */
export type HandingOff = {
  providerId: string;
  parts?: readonly string[];
  customerId: string;
  messageId: string;
  address: string;
};

export async function insertHandedOff(tx: Sql, gateway: string, rows: HandingOff[], at: Date): Promise<void> {
  await tx.query(
    `insert into handed_off (gateway, provider_id, customer_id, message_id, address, sent_at, parts)
     select $1, provider_id, customer_id, message_id, address, $6, string_to_array(parts, E'\n')
       from unnest($2::text[], $3::uuid[], $4::uuid[], $5::text[], $7::text[])
              as given (provider_id, customer_id, message_id, address, parts)
         on conflict do nothing`,
    [
      gateway,
      rows.map((row) => row.providerId),
      rows.map((row) => row.customerId),
      rows.map((row) => row.messageId),
      rows.map((row) => row.address),
      at,
      rows.map((row) => (row.parts ?? []).join("\n")),
    ],
  );
}

/** A message that was handed off: whose it is, which address it was sent to, and when. */
export type HandedOff = { customerId: string; messageId: string; address: string; sentAt: Date };

/** Whose message a provider's id, or our own key (gateway `key`), belongs to. Index: primary key. */
export async function findHandedOff(db: Sql, gateway: string, providerId: string): Promise<HandedOff | null> {
  const { rows } = await db.query<HandedOff>(
    `select customer_id as "customerId", message_id as "messageId", address, sent_at as "sentAt"
       from handed_off where gateway = $1 and provider_id = $2 order by sent_at desc limit 1`,
    [gateway, providerId],
  );
  return rows[0] ?? null;
}

/** What a gateway took under an id, with the ids of all parts of that message where there are several. */
export type Taken = HandedOff & { gateway: string; providerId: string; parts: string[] };

/** What a gateway took under one of these ids, the newest first: a provider may give an id again. Index: primary key. */
export async function findTaken(db: Sql, gateway: string, providerIds: string[]): Promise<Taken[]> {
  const { rows } = await db.query<Taken>(
    `select gateway, provider_id as "providerId", customer_id as "customerId", message_id as "messageId", address,
            sent_at as "sentAt", parts
       from handed_off where gateway = $1 and provider_id = any($2::text[]) order by sent_at desc limit 20`,
    [gateway, providerIds],
  );
  return rows;
}

/** What is known of a message's parts, kept until the transaction ends. Index: primary key. */
export async function lockParts(
  tx: Sql,
  gateway: string,
  parts: readonly string[],
  messageId: string,
): Promise<{ providerId: string; outcome: "delivered" | "failed" | null }[]> {
  const { rows } = await tx.query<{ providerId: string; outcome: "delivered" | "failed" | null }>(
    `select provider_id as "providerId", outcome from handed_off
      where gateway = $1 and provider_id = any($2::text[]) and message_id = $3
      order by provider_id for update`,
    [gateway, parts, messageId],
  );
  return rows;
}

/** What became of a part. A failure stays one. */
export async function setOutcome(
  tx: Sql,
  { gateway, providerId, messageId }: Pick<Taken, "gateway" | "providerId" | "messageId">,
  outcome: "delivered" | "failed",
): Promise<void> {
  await tx.query(
    `update handed_off set outcome = $4
      where gateway = $1 and provider_id = $2 and message_id = $3 and outcome is distinct from 'failed'`,
    [gateway, providerId, messageId, outcome],
  );
}
