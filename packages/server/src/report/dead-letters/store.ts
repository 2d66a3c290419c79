import type { FrameHeader } from "../../ingest/index.ts";
import type { Sql } from "../../platform/database.ts";

/** Open letters: those of a stage, from a source, whose reason has these words, of a time, and numbered below `before`. */
export type LetterFilter = {
  stage: string | null;
  source: string | null;
  reason: string | null;
  from: Date | null;
  to: Date | null;
  before: number | null;
};
export type LetterRow = {
  deadLetterId: number;
  at: Date;
  stage: string;
  source: string;
  reason: string;
  body: Buffer;
  mayReturn: boolean;
};
/** A letter that can be tried again: its frame is null when it was set aside by a partition. */
export type ReturnedLetter = { deadLetterId: number; frame: FrameHeader | null; body: Buffer };

const OPEN = `resolved_at is null
      and ($1::text is null or stage = $1)
      and ($2::text is null or source = $2)
      and ($3::text is null or position(lower($3) in lower(reason)) > 0)
      and ($4::timestamptz is null or at >= $4)
      and ($5::timestamptz is null or at < $5)
      and ($6::bigint is null or dead_letter_id < $6)`;
const RETURNABLE = "(stage = 'apply' or frame is not null)";

const valuesOf = ({ stage, source, reason, from, to, before }: LetterFilter) => [
  stage,
  source,
  reason,
  from,
  to,
  before,
];

/** Newest first. Index: dead_letter_open. */
export async function openLetters(db: Sql, filter: LetterFilter, limit: number): Promise<LetterRow[]> {
  const { rows } = await db.query<LetterRow>(
    `select dead_letter_id as "deadLetterId", at, stage, source, reason, substr(body, 1, 16000) as "body",
            ${RETURNABLE} as "mayReturn"
       from dead_letter
      where ${OPEN}
      order by dead_letter_id desc
      limit $7`,
    [...valuesOf(filter), limit],
  );
  return rows;
}

/** How many there are, and how many of them can be tried again; counting stops at `most`. Index: dead_letter_open. */
export async function countOpenLetters(
  db: Sql,
  filter: LetterFilter,
  most: number,
): Promise<{ matching: number; returnable: number }> {
  const { rows } = await db.query<{ matching: number; returnable: number }>(
    `select count(*) as "matching", count(*) filter (where may_return) as "returnable"
       from (select ${RETURNABLE} as may_return from dead_letter where ${OPEN} limit $7) found`,
    [...valuesOf(filter), most],
  );
  return rows[0] ?? { matching: 0, returnable: 0 };
}

/** Sets the newest of them aside for good; answers their numbers, newest first. Index: dead_letter_open. */
export async function resolveLetters(tx: Sql, filter: LetterFilter, at: Date, limit: number): Promise<number[]> {
  const { rows } = await tx.query<{ deadLetterId: number }>(
    `with newest as (
       select dead_letter_id from dead_letter where ${OPEN} order by dead_letter_id desc limit $7 for update
     )
     update dead_letter set resolved_at = $8
      where dead_letter_id in (select dead_letter_id from newest)
     returning dead_letter_id as "deadLetterId"`,
    [...valuesOf(filter), limit, at],
  );
  return rows.map((row) => row.deadLetterId).sort((a, b) => b - a);
}

/** Takes the newest of those that can be tried again, of at most so many bytes (one at least). Index: dead_letter_open. */
export async function takeLetters(
  tx: Sql,
  filter: LetterFilter,
  at: Date,
  most: { letters: number; bytes: number },
): Promise<ReturnedLetter[]> {
  const { rows } = await tx.query<ReturnedLetter>(
    `with newest as (
       select dead_letter_id, length(body) as bytes from dead_letter
        where ${OPEN} and ${RETURNABLE}
        order by dead_letter_id desc limit $7 for update
     ), fitting as (
       select dead_letter_id, sum(bytes) over (order by dead_letter_id desc) - bytes as before from newest
     )
     update dead_letter set resolved_at = $8
      where dead_letter_id in (select dead_letter_id from fitting where before < $9)
     returning dead_letter_id as "deadLetterId", case when stage = 'apply' then null else frame end as "frame", body`,
    [...valuesOf(filter), most.letters, at, most.bytes],
  );
  return rows.sort((a, b) => b.deadLetterId - a.deadLetterId);
}

/** Whether there was an open letter of that number: it is set aside for good. */
export async function resolveLetter(db: Sql, id: number, at: Date): Promise<boolean> {
  const { rowCount } = await db.query(
    "update dead_letter set resolved_at = $2 where dead_letter_id = $1 and resolved_at is null",
    [id, at],
  );
  return rowCount === 1;
}

/** Takes an open letter out, to be tried again; null where there is none of that number that can be. */
export async function takeLetter(tx: Sql, id: number, at: Date): Promise<ReturnedLetter | null> {
  const { rows } = await tx.query<ReturnedLetter>(
    `update dead_letter set resolved_at = $2
      where dead_letter_id = $1 and resolved_at is null and ${RETURNABLE}
     returning dead_letter_id as "deadLetterId", case when stage = 'apply' then null else frame end as "frame", body`,
    [id, at],
  );
  return rows[0] ?? null;
}
