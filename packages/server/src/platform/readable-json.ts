/**
 * SQL for the JSON in a column, such that `->`, `->>` and `jsonb` can read it. They refuse a whole document for an escape
 * that is no character: U+0000, or half of a surrogate pair (`JSON.stringify` escapes no whole pair). Such an escape is
 * read as U+FFFD; the column keeps it.
 */
export const readableJson = (column: string): string =>
  `(case when strpos(${column}::text, '\\u') > 0
         then regexp_replace(${column}::text, '${NO_CHARACTER}', '\\ufffd', 'gi') else ${column}::text end)::json`;

const NO_CHARACTER = String.raw`\\u(0000|d[89a-f][0-9a-f]{2})`;
